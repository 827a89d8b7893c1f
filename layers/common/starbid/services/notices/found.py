"""Notices of new lots that fit a saved search (services.searches); services.found_telling gathers them."""

from __future__ import annotations

from starbid.services.notices.registry import kind

FOUND = kind("found")
