"""The reports of a release one by one: JSON lines with everything that hangs on a report, and the corpus of texts."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from storage import export
from storage.release.rowfiles import gzipped, report_ids


def jsonl(connection: sqlite3.Connection, path: Path) -> None:
    """One line a report, gzipped."""
    path.parent.mkdir()
    with gzipped(path) as packed:
        for report_id in report_ids(connection):
            packed.write(json.dumps(export.whole_report(connection, report_id), ensure_ascii=False).encode() + b"\n")


def corpus(connection: sqlite3.Connection, path: Path) -> None:
    """``corpus/``: a text a current report, and the manifest with which ``ingest`` gives the same ids; one file of files."""
    with (
        gzipped(path) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        TemporaryFile() as manifest,
    ):
        for name, text, line in export.corpus_texts(connection):
            _add(archive, name, io.BytesIO(text.encode()))
            manifest.write(line.encode())
        _add(archive, export.MANIFEST, manifest)


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(f"corpus/{name}")  # no owner, no hour
    member.size = content.seek(0, io.SEEK_END)
    content.seek(0)
    archive.addfile(member, content)
