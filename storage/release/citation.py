"""How the release is cited: CITATION.cff, version 1.2."""

from __future__ import annotations

import json
from pathlib import Path

from storage.release.facts import AUTHOR, LICENCE, TITLE, Facts

NAME = "CITATION.cff"


def write(folder: Path, told: Facts) -> None:
    """Writes ``CITATION.cff``; a string of JSON is one of YAML too."""
    told_of = {
        "cff-version": "1.2.0",
        "message": "If you use these data, cite the release by its version, and the reports by their organ, year and address.",
        "type": "dataset",
        "title": TITLE,
        "version": told.version,
        "date-released": told.as_of,
        "license": LICENCE.name,
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told_of.items()]
    lines += [
        "authors:",
        f"  - name: {json.dumps(AUTHOR)}",
        "keywords:",
        "  - open government information",
        "  - 政府信息公开",
        "  - China",
    ]
    (folder / NAME).write_text("\n".join(lines) + "\n", "utf-8")


def line(told: Facts) -> str:
    """The citation as a sentence, for the README and Croissant."""
    return f"{AUTHOR} ({told.as_of[:4]}): {TITLE}. Version {told.version} ({told.as_of})."
