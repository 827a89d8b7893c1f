"""Lots, people and bids to look at in the local run. All of it goes the way that real people's acts go."""

from __future__ import annotations

from local.demo.seeding import fill, seed

__all__ = ["fill", "seed"]
