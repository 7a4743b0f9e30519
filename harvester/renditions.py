"""Which of a report's renditions speaks for it, and where two of them say different things."""

from __future__ import annotations

from typing import NamedTuple

from harvester.items import Number

# Of readings that are equally good the one whose source says most about its tables: spans in HTML and Word, cells in sheets, then pages
# from which tables have to be made out, then what another program converts for us, then plain text and pictures.
FORMATS = ("html", "docx", "xlsx", "xls", "pdf", "ofd", "doc", "wps", "rtf", "text", "image")
YUAN = {"元": 1, "万元": 10**4, "亿元": 10**8}


class Reading(NamedTuple):
    """What one rendition gave: cells read for certain (printed or blank), ``doubtful`` ones, checks that pass, and what it was read from.

    ``recognised``: its characters were recognised from a picture.
    """

    recognised: bool
    cells: int
    doubtful: int
    passes: int
    format: str


def merit(reading: Reading) -> tuple[int, ...]:
    """The smallest is shown: text before what was recognised from a picture, whatever that gave; then the most cells of the form read for
    certain, the fewest doubtful, the most checks that pass, and the format in the order of :data:`FORMATS`."""
    place = FORMATS.index(reading.format) if reading.format in FORMATS else len(FORMATS)
    return (reading.recognised, -reading.cells, reading.doubtful, -reading.passes, place)


def differ(one: Number, unit: str | None, other: Number, other_unit: str | None) -> bool:
    """Whether two printed numbers say different things: 318000 元 and 31.8 万元 do not."""
    if unit in YUAN and other_unit in YUAN:
        return round(one * YUAN[unit] - other * YUAN[other_unit], 4) != 0
    return one != other
