"""The end of a person's quiet hours."""

from starbid.services.notices.registry import kind

WAITED = kind("waited")
"""What waited is told together; what it says is read when it is told."""
