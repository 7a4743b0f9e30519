"""Tables with one indicator a row, for the second reader: rows that fill a header of known words, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.audit.names import Names
from harvester.audit.pages import Cell, Table
from harvester.forms import Place

LABEL = "indicator"  # the form's key of the column of labels
YEAR = re.compile("(?:19|20)[0-9]{2}")
OF_WHICH = re.compile("^[其共]中[:：]?")


def rows(names: Names, table: Table) -> Iterator[tuple[int, dict[Place, Cell]]]:
    """The rows that can be read without doubt: their number in the table, and the cell of each place."""
    header: list[str] = []
    starts: list[int] = []
    for number, line in enumerate(table.lines):
        if keys := _heads(names, line):
            header, starts = keys, [cell.column for cell in line]
        elif header and _fills(table, line, starts):
            yield number, _places(names, header, line)


def _heads(names: Names, line: list[Cell]) -> list[str]:
    """The keys of a header's columns; empty for a row that is none, has a strange word, or names a column twice (tables in two halves)."""
    years = [year for cell in line for year in YEAR.findall(cell.text)]
    labels = [names.of(YEAR.sub("Y", cell.text)) for cell in line]
    keys = [found[0].key if len(found) == 1 and found[0].role in ("column", "furniture") else "" for found in labels]
    columns = [column.key for column in names.form.parts[0].columns]
    whole = all(keys) and all(keys.count(key) == 1 for key in (LABEL, *columns))
    return keys if whole and len(years) < 2 else []


def _fills(table: Table, line: list[Cell], starts: list[int]) -> bool:
    """A cell under each word; where the source gives no columns, none of them empty."""
    if len(line) != len(starts) or any(cell.odd for cell in line):
        return False
    return [cell.column for cell in line] == starts and (table.spans or all(cell.text for cell in line))


def _places(names: Names, header: list[str], line: list[Cell]) -> dict[Place, Cell]:
    labels = names.of(OF_WHICH.sub("", line[header.index(LABEL)].text))
    if len(labels) != 1 or labels[0].role != "row":
        return {}
    part = names.part(labels[0])
    return {Place(part.table, labels[0].key, column.key): line[header.index(column.key)] for column in part.columns}
