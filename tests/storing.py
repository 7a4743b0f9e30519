"""Hand-made pages and reports for the tests of storage, and a dump of a database that tells nothing of the order of storing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from harvester import digest, forms
from harvester.items import Capture, Check, Figure, Issue, Page, Prose, Report
from storage.archive import body_sha256
from storage.database import Database

VIEWS = ("reports", "captures", "figures", "checks", "source_errors", "issues", "prose", "proactive", "requests", "disputes", "organs")
_offsets = iter(range(1, 1_000_000))


def figures(form_id: str = "national_2021", seed: int = 1) -> list[Figure]:
    """One figure a cell of the form, the numbers a plain function of ``seed``."""
    form = forms.load(form_id)
    units = {
        (part.table, row, column.key): column.unit for part in form.parts for row in part.rows or (part.line,) for column in part.columns
    }
    made = []
    for number, place in enumerate(form.places):
        value = (number * seed) % 97
        unit = units[place.table, place.row, place.column]
        made.append(Figure(*place, value, unit, str(value), "printed", number // 100, number % 100, number % 7))
    return made


def report(text: str = "青岛", seed: int = 1, **given: Any) -> Report:
    sha256 = digest.text_sha256(text)
    made = Report(
        source="here",
        kind="report",
        id=digest.report_id(sha256),
        text_sha256=sha256,
        title="青岚市2024年政府信息公开工作年度报告",
        organ="青岚市人民政府",
        organ_id="990100-00000001",
        year=2024,
        scope="consolidated",
        region_code="990100",
        level="prefecture_government",
        published_on="2025-01-30",
        form="national_2021",
        text=text,
        quality="consistent",
        figures=figures(seed=seed),
        prose=[Prose("requests_received", 12, "件", "section_1_overview", "共收到申请12件。")],
        checks=[Check("t3_flow", "total", 5, 5, "pass"), Check("t4_review", "cases", None, 3, "unknown", True)],
        issues=[Issue("unknown_label", "table 3, row 4", "小计")],
    )
    for name, value in given.items():
        setattr(made, name, value)
    return made


def page(url: str = "http://www.qinglan.gov.cn/2024.html", text: str = "青岛", at: str = "2025-02-01T00:00:00Z", **given: Any) -> Page:
    """A page whose body is a function of its URL, text and ``markup``, kept at a place of its own in an archive that nobody reads."""
    markup = given.pop("markup", "")
    made = report(text, given.pop("seed", 1), **given.pop("report", {}))
    body = f"{markup}<p>{text}</p>".encode()
    capture = Capture(body_sha256(body), "harvester-test-00000.warc.gz", next(_offsets), "<urn:uuid:test>")
    values: dict[str, Any] = {
        "headers": [("ETag", f'"{hashlib.sha256(body).hexdigest()[:6]}"'), ("Last-Modified", "Sat, 01 Feb 2025 00:00:00 GMT")],
        "content_type": "text/html; charset=utf-8",
        "portal_id": "qinglan",
        "run_id": "r1",
        "via": "http://www.qinglan.gov.cn/list.html",
        "capture": capture,
        "report": made,
    }
    return Page(url, body, fetched_at=at, **{**values, **given})


def dump(database: Database, *views: str) -> list[str]:
    """Rows of the views (all by default) as sorted JSON lines, keys that number the order of storing left out."""
    lines = []
    for view in views or VIEWS:
        cursor = database.connection.execute(f"SELECT * FROM {view}")
        names = [column[0] for column in cursor.description]
        skipped = {"key", "capture_id", "warc_offset"} | ({"id"} if view == "captures" else set())
        for row in cursor:
            told = {name: value for name, value in zip(names, row, strict=True) if name not in skipped}
            lines.append(f"{view} {json.dumps(told, ensure_ascii=False, sort_keys=True)}")
    return sorted(lines)


def rows(database: Database, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    return list(database.connection.execute(sql, parameters).fetchall())
