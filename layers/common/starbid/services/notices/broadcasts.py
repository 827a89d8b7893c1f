"""A broadcast of the owners: told by the clerk, from its own list (services.desk.broadcasting)."""

from __future__ import annotations

from starbid.services.notices.registry import kind

BROADCAST = kind("broadcast")
