"""Paths of files, as users give them."""

from __future__ import annotations

import errno
import os


def writable(path: str | bytes | os.PathLike[str]) -> str:
    """A path to write to.

    Raises
    ------
    OSError
        As `open` would, when it is a folder, or has none.
    """
    text = os.fsdecode(path)
    if os.path.isdir(text):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), text)
    if not os.path.isdir(os.path.dirname(text) or "."):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), text)
    return text
