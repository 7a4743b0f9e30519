"""Writes docs/data-dictionary.md from harvester/data/labels.csv and the form files: ``make dictionary``."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from harvester import cross, crosswalk, forms
from harvester.forms import Form
from storage.crosswalk import described

TARGET = Path(__file__).parent / "data-dictionary.md"
HEAD = """# Data dictionary

Every key that a query can meet, in English and Chinese. Made from `harvester/data/labels.csv` and `harvester/data/forms/` by
`make dictionary`; do not edit it here. The same words stand in the table `labels` and beside the columns in Datasette.
"""
MARKS = """`verbatim`: read in a full copy of the notice or of a real report. `confirmed`: the words were read in real reports, the
exact print of the label was not. `recalled`: written from memory, no copy found; treat with care until it is compared with one.
`confirmed_part`: some labels are verbatim or confirmed, the rest recalled."""
KEYS = """A key names a line: the row of table 3 or of a form with one indicator a row, the column of table 4, row and column of
table 2. The last column names the forms with which it is one series as it stands; everything else is in the crosswalk below, or
compares with nothing. Legal basis: the article of the Regulations on Open Government Information (政府信息公开条例) that the line
counts by, else what orders the report."""
CROSSWALK = """From the older form to the newer. `sum`: add up the keys on the side where there are several. `part`: one of the two holds
more than the other, the note says what. `not_comparable`: looks alike and must not be one series. A key that stands in neither list
compares with nothing in that form; the table `crosswalk` of the published database has a row for each key and each later form."""
# kind of label -> heading; a kind that is not named here comes last under its own name
TITLES = {
    "table": "Tables of the forms",
    "block": "Parts of table 2",
    "row": "Rows",
    "column": "Columns",
    "check": "Checks",
    "issue": "Issues",
    "status": "Status of a figure",
    "outcome": "Outcomes",
    "strength": "Strength of a check",
    "quality": "Quality of a report",
    "scope": "Scope",
    "level": "Levels",
    "prose": "Numbers told in sentences",
    "section": "Sections of a report",
    "against": "What a section is compared with",
    "db": "Columns of the database",
}
Label = dict[str, str]


def dictionary() -> str:
    """The whole page as Markdown."""
    by_kind: dict[str, list[Label]] = {}
    for label in labels():
        by_kind.setdefault(label["kind"], []).append(label)
    ordered = sorted(by_kind, key=lambda kind: list(TITLES).index(kind) if kind in TITLES else len(TITLES))
    return (
        "\n".join(
            [HEAD, *form_part(), *key_part(), *crosswalk_part(), *(line for kind in ordered for line in kind_part(kind, by_kind[kind]))]
        )
        + "\n"
    )


def labels() -> list[Label]:
    text = files("harvester.data").joinpath("labels.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def form_part() -> Iterator[str]:
    loaded = [forms.load(form_id) for form_id in forms.form_ids()]
    yield from ("## Forms", "", "| form | cells | identities | title | how we know it |", "|---|---|---|---|---|")
    for form in loaded:
        yield f"| `{form.id}` | {len(form.places)} | {identities(form)} | {form.title} | {form.status} |"
    yield "| `narrative` | 0 | | a report without the form's tables: text, and the numbers its sentences tell | verbatim |"
    yield from ("", MARKS, "")
    for form in loaded:
        yield from indicator_part(form) if form.indicators else ()


def identities(form: Form) -> str:
    told = (f"`{identity.id}` ({len(identity.places)}{', ' * bool(identity.status)}{identity.status})" for identity in form.identities)
    return ", ".join(told)


def indicator_part(form: Form) -> Iterator[str]:
    """The rows of a form that prints one indicator a row, with what we know of each label. Chapters have no unit and carry no number."""
    yield from (f"## Rows of `{form.id}`", "", "| key | label | unit | part of | code | how we know it |", "|---|---|---|---|---|---|")
    for entry in form.indicators.values():
        part = f"`{entry.parent}`" if entry.parent else ""
        yield f"| `{entry.key}` | {entry.label} | {entry.unit or ''} | {part} | {entry.code} | {entry.status} |"
    yield ""


def key_part() -> Iterator[str]:
    """Each line of each form, with unit, years, legal basis and the forms it can be compared with as it stands."""
    yield from ("## Lines of the forms by era", "", KEYS, "")
    head = ("form", "key", "中文", "English", "unit", "years", "legal basis", "one series with")
    yield from ("| " + " | ".join(head) + " |", "|---" * len(head) + "|")
    for form, key, _, zh, en, unit, first, last, basis, others in described():
        yield f"| `{form}` | `{key}` | {zh} | {en} | {unit} | {first}-{last or ''} | {basis} | {others} |"
    yield ""


def crosswalk_part() -> Iterator[str]:
    yield from ("## Crosswalk between eras", "", CROSSWALK, "", "| from | key | to | key | how | 说明 | note |", "|---" * 7 + "|")
    for row in crosswalk.crossings():
        if row.to_key and row.comparability != "same":
            keys = f"`{row.from_form}` | `{row.from_key}` | `{row.to_form}` | `{row.to_key}`"
            yield f"| {keys} | {row.comparability} | {row.note_zh} | {row.note_en} |"
    yield ""


def kind_part(kind: str, entries: list[Label]) -> Iterator[str]:
    """A heading and a table; descriptions and units only where some entry of the kind has one."""
    yield from (f"## {TITLES.get(kind, kind)}", "")
    if kind == "check":
        entries = [{**entry, "strength": cross.strengths().get(entry["key"], "")} for entry in entries]
    heads = {"key": "key", "zh": "中文", "en": "English", "unit": "unit", "strength": "strength"}
    heads |= {"description_en": "what it is", "description_zh": "说明"}
    shown = [name for name in heads if any(entry.get(name) for entry in entries)]
    yield "| " + " | ".join(heads[name] for name in shown) + " |"
    yield "|" + "---|" * len(shown)
    for entry in entries:
        yield "| " + " | ".join(cell(name, entry.get(name) or "") for name in shown) + " |"
    yield ""


def cell(name: str, text: str) -> str:
    safe = text.replace("|", "\\|")
    return f"`{safe}`" if name == "key" else safe


if __name__ == "__main__":
    TARGET.write_text(dictionary(), encoding="utf-8")
    sys.stdout.write(f"{TARGET} written\n")
