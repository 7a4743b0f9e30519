"""The checksums of a release, as ``sha256sum -c`` reads them."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def of_file(path: Path) -> str:
    """The SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(folder: Path) -> None:
    """Writes the sums of all other files in the folder, by name."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
    (folder / NAME).write_text("".join(f"{of_file(folder / file)}  {file}\n" for file in files), "utf-8")
