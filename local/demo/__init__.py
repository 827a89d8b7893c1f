"""Lots, people and bids to look at in the local run. They are made by the same use cases as real ones."""

from __future__ import annotations

from local.demo.seeding import fill, seed

__all__ = ["fill", "seed"]
