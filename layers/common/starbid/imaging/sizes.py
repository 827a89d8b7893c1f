"""The sizes in which pictures are kept and served."""

from __future__ import annotations

PICTURE_SIZES = {"small": 320, "medium": 800, "large": 1600}
"""The long side in pixels."""


PICTURE_TYPE = "image/jpeg"
WEBP, WEBP_TYPE = ".webp", "image/webp"
"""Behind the name of a size: the same picture for browsers that take WebP, a quarter to a third smaller."""
