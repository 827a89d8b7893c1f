"""Files that are complete, on the disk, and private."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Any


def replace_file(path: Path | str, data: Any, *, text: bool = False) -> None:
    """Replace a file by a complete one on the disk, or leave the old one."""
    path = Path(path)
    part = path.with_name(f"{path.name}.tmp")
    with os.fdopen(open_private(part), "w" if text else "wb", encoding="utf-8" if text else None) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_directory(path.parent)


def write_whole(path: Path, text: str) -> None:
    """The same, and the previous file stays next to it as `.former`."""
    if path.exists():
        _give_name(path, former_of(path))
    replace_file(path, text, text=True)


def former_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.former")


def sync_directory(directory: Path) -> None:
    """Write changes of names to the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_private(path: Path, flags: int = os.O_TRUNC) -> int:
    """A new file's descriptor, for writing."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)


def _give_name(path: Path, name: Path) -> None:
    """Make `name` refer to what `path` is now."""
    part = name.with_name(f"{name.name}.tmp")
    part.unlink(missing_ok=True)
    try:
        os.link(path, part)
    except OSError:  # not every file system has hard links
        shutil.copyfile(path, part)
    part.replace(name)


def make_private(root: Path) -> None:
    """Remove other users' rights from a path and everything below it: older runs left them."""
    for path in [root, *root.rglob("*")] if root.is_dir() else [root]:
        if not path.is_symlink() and path.exists() and path.stat().st_mode & 0o077:
            with contextlib.suppress(PermissionError):
                path.chmod(path.stat().st_mode & 0o700)
