"""A folder that is replaced whole or not at all: made beside the one that stands, then put in its place in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harvester.errors import StorageError

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # of Linux's fcntl.h and fs.h


@contextmanager
def whole(folder: Path, *, strangers: bool = True) -> Iterator[Path]:
    """An empty folder to fill, which becomes ``folder`` when the block ends well and vanishes when it does not.

    What stands in ``folder`` and is none of ours (a ``.git``, a ``CNAME``) is there afterwards too, unless ``strangers`` is False. Raises
    ``OSError`` when it cannot be written, is no folder, or is one that somebody works in.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if Path.cwd().is_relative_to(folder):  # whoever stands in it would stand in the old one from then on
        raise OSError(errno.EBUSY, "the current folder is in it", str(folder))
    work, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    if old.is_dir() and not folder.exists():  # killed between the two steps of a file system that cannot do it in one
        old.rename(folder)
    for left in (work, old):
        shutil.rmtree(left, ignore_errors=True)
    work.mkdir()
    if folder.exists():
        shutil.copymode(folder, work)
    try:
        yield work
        if strangers:
            _keep_strangers(folder, work)
        _exchange(work, folder, old)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def refuse_strangers(folder: Path, ours: str) -> None:
    """Raises :class:`StorageError` when ``folder`` holds something and nothing called ``ours``: it is not for us to replace."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / ours).is_file():
        raise StorageError(f"{folder}: holds something else; give an empty or a new folder as --out")


def _keep_strangers(folder: Path, work: Path) -> None:
    strangers = [entry for entry in folder.iterdir() if not (work / entry.name).exists()] if folder.is_dir() else []
    for stranger in strangers:
        if stranger.is_dir() and not stranger.is_symlink():
            shutil.copytree(stranger, work / stranger.name, symlinks=True)
        else:
            shutil.copy2(stranger, work / stranger.name, follow_symlinks=False)


def _exchange(work: Path, folder: Path, old: Path) -> None:
    if not folder.exists():
        work.rename(folder)
    elif not _at_once(work, folder):
        folder.rename(old)
        work.rename(folder)


def _at_once(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step, as only Linux can; whether it did."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    return rename is not None and rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0
