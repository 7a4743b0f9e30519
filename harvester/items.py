"""The records that flow: a page as it was fetched, the document in it, the report that the document is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal["report", "not_report", "unreadable"]
Status = Literal["printed", "blank", "absent", "doubtful"]
Outcome = Literal["pass", "fail", "unknown"]
Number = int | float


class Cell(NamedTuple):
    """One place of a grid: the printed text and the place of the cell it belongs to (itself, unless a span covers it)."""

    text: str
    row: int
    column: int


@dataclass(slots=True)
class Grid:
    """A table as a rectangle: ``rows[r][c]`` is a :class:`Cell`; ``index`` counts the tables of the document from 0.

    ``spans`` tells whether the source gave rowspan/colspan (HTML, Word); flattened text has none, its blanks are ambiguous.
    """

    index: int
    rows: list[list[Cell]]
    spans: bool = False


@dataclass(slots=True)
class Block:
    """A heading (``level`` 1-6), a paragraph (``level`` 0) or a table (``grid`` set, ``text`` empty), in reading order."""

    text: str = ""
    level: int = 0
    grid: Grid | None = None


@dataclass(slots=True)
class Document:
    """What a reader makes of the bytes: blocks in reading order, and what the page says about itself.

    ``meta`` keys (lower case, only those found): ``title`` (the page's own title, site suffix cut), ``h1``, ``articletitle``, ``pubdate``,
    ``contentsource``, ``sitename``, ``columnname`` and other meta tags, ``publisher`` (发布机构 of the header), ``published`` (date text).
    ``recognised``: characters were recognised from a picture; no figure is then believed but what the form's sums prove.
    ``issues``: what of the bytes could not be read (``pages_unread``).
    """

    blocks: list[Block]
    meta: dict[str, str] = field(default_factory=dict)
    format: str = "html"
    encoding: str = "utf-8"
    recognised: bool = False
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class Figure:
    """One cell of the form. ``value`` is what is printed, in ``unit``; null unless the document prints a number there.

    ``source_table``/``source_row``/``source_column`` are 0-based places in the capture's own tables, null when absent.
    """

    table: str
    row: str
    column: str
    value: Number | None
    unit: str | None
    printed: str | None
    status: Status
    source_table: int | None = None
    source_row: int | None = None
    source_column: int | None = None


@dataclass(slots=True)
class Prose:
    """A number told in a sentence; never a figure. ``section`` is a key of data/sections.csv.

    ``slack`` is how far the true number may lie from ``value`` as the sentence words it: 0 for 12件, 10 for 50余条, 100 for 1.17万条.
    """

    key: str
    value: Number
    unit: str | None
    section: str
    sentence: str
    slack: Number = 0


@dataclass(slots=True)
class Check:
    """One identity of the form at one place. ``if_blank_zero``: for an unknown one, would it hold if the blanks were 0."""

    check: str
    at: str
    left: Number | None
    right: Number | None
    outcome: Outcome
    if_blank_zero: bool | None = None


@dataclass(slots=True)
class Issue:
    """Something that was read and does not add up, or could not be placed. ``where`` is a place in words a user can follow."""

    code: str
    where: str
    message: str


@dataclass(slots=True)
class Report:
    """One line of ``harvester parse``: the verdict on a document and everything read from it.

    ``format`` and ``recognised`` are the document's: what its bytes were, and whether characters were recognised from a picture.
    """

    source: str = ""
    kind: Kind = "unreadable"
    reason: str = ""
    id: str = ""
    text_sha256: str = ""
    title: str = ""
    organ: str = ""
    organ_id: str = ""
    year: int | None = None
    scope: str = "unclear"
    region_code: str = ""
    level: str = "unknown"
    published_on: str | None = None
    form: str = "narrative"
    text: str = ""
    quality: str = "none"
    format: str = ""
    recognised: bool = False
    figures: list[Figure] = field(default_factory=list)
    prose: list[Prose] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class Capture:
    """Where the archive keeps the bytes. ``record_id`` is the WARC-Record-ID, ``warc_offset`` bytes into ``warc_file``."""

    body_sha256: str
    warc_file: str
    warc_offset: int
    record_id: str = ""


GONE = (404, 410)  # the statuses by which an address says that it is no more


@dataclass(slots=True)
class Page:
    """A fetched body on its way down the belt: what the fetch knew, then what each step adds.

    ``fetched_at`` is UTC ISO 8601 with seconds (``2026-11-21T12:00:00Z``). ``report_id`` is set beforehand only by an archive or a
    manifest that already gave the id, ``region_code`` only by a manifest (or an archive that has it from one): it counts where the
    registry does not know the portal. ``headers`` are the response's, in order. ``carrier`` is the URL of the page that carries this
    attachment, ``carrier_title`` and ``carrier_source`` what that page says of itself: the report's title and who published it.
    ``part_of`` is the address of the file that this picture is read in, together with the others of its page.
    """

    url: str
    body: bytes
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = ""
    fetched_at: str = ""
    portal_id: str = ""
    run_id: str = ""
    link_text: str = ""
    via: str = ""
    listed_on: str = ""
    report_id: str = ""
    region_code: str = ""
    carrier: str = ""
    carrier_title: str = ""
    carrier_source: str = ""
    part_of: str = ""
    capture: Capture | None = None
    document: Document | None = None
    report: Report | None = None
    notes: dict[str, Any] = field(default_factory=dict)
