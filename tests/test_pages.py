"""Folders are tests: ``tests/pages/<case>/page.*`` read as ``harvester parse`` reads it, ``expect.json`` says what must come out.

``expect.json`` holds any keys of the parse line; beside them ``statuses`` and ``outcomes`` (how many of each),
``cells`` (``table/row/column`` -> [status, value, printed]), ``units`` (``table/row/column`` -> unit), ``issue_codes`` (the set) and
``text_has`` / ``text_lacks`` (strings).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harvester.reading import as_json, read_report

CASES = sorted(path.parent for path in Path(__file__).parent.glob("pages/*/expect.json"))


def summary(line: dict[str, Any]) -> dict[str, Any]:
    cells = {f"{f['table']}/{f['row']}/{f['column']}": [f["status"], f["value"], f["printed"]] for f in line["figures"]}
    counts = {
        "statuses": dict(Counter(f["status"] for f in line["figures"])),
        "outcomes": dict(Counter(c["outcome"] for c in line["checks"])),
    }
    units = {f"{f['table']}/{f['row']}/{f['column']}": f["unit"] for f in line["figures"]}
    return {**line, **counts, "cells": cells, "units": units, "issue_codes": sorted({issue["code"] for issue in line["issues"]})}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_page(case: Path) -> None:
    page = next(case.glob("page.*"))
    expected = json.loads((case / "expect.json").read_text("utf-8"))
    found = summary(as_json(read_report(page.read_bytes(), source=page.name)))
    for text in expected.pop("text_has", []):
        assert text in found["text"]
    for text in expected.pop("text_lacks", []):
        assert text not in found["text"]
    cells = expected.pop("cells", {})
    assert {place: found["cells"].get(place) for place in cells} == cells
    units = expected.pop("units", {})
    assert {place: found["units"].get(place) for place in units} == units
    assert {key: found[key] for key in expected} == expected


def test_there_are_cases() -> None:
    assert len(CASES) >= 8
