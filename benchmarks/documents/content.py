"""What the documents of the suite say: an invented report, its tables with their spans, and a page that producers can print."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.accuracy import layout, markup, reports
from benchmarks.accuracy.damage import TITLE
from benchmarks.accuracy.layout import Table
from benchmarks.accuracy.reports import Truth

STYLE = """<style>
body { font-family: "Noto Serif CJK SC", "SimSun", serif; font-size: 12pt; line-height: 1.6 }
h1 { font-size: 18pt; text-align: center } table { border-collapse: collapse; width: 100%; font-size: 9pt; line-height: 1.2 }
td { border: 0.75pt solid #000; padding: 2pt; text-align: center; vertical-align: middle }
</style>"""


@dataclass(slots=True)
class Content:
    """``tables`` in print order, each with the section title it stands under; ``truth.cells`` is what they print."""

    seed: str
    truth: Truth
    title: str
    tables: list[Table]


def make(seed: str, form: str | None = None) -> Content:
    """The report of this seed, of ``national_2021`` or ``national_2019`` (by the seed when not given). Same seed, same report."""
    truth = reports.make(f"document {seed}", form)
    return Content(seed, truth, TITLE, layout.tables(truth))


def html(content: Content, style: str = STYLE) -> str:
    """The report as a plain page with bordered tables, without anything of a portal around it: what is printed or converted."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{content.title}</title>{style}</head>'
        f"<body>{markup.body(content.title, content.tables, _bordered)}</body></html>"
    )


def _bordered(table: Table) -> str:
    return markup.table(table, attributes=' border="1" cellspacing="0"')
