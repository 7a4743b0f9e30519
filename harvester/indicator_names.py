"""Which of the form's rows each printed indicator is: by its label, and where two rows share one, by the group it stands in."""

from __future__ import annotations

from typing import NamedTuple

from harvester.form import Form
from harvester.indicator_rows import Piece
from harvester.items import Issue


class Named(NamedTuple):
    """A piece and the key of its row; "" where its label may be one of several rows. ``code``: of the row, None where none are printed."""

    piece: Piece
    key: str
    code: str | None


class Names:
    """Names the rows of a document, one grid after the other."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.order = {key: number for number, key in enumerate(form.indicators)}
        self.last = ""
        self.coded = False
        self.rows: list[Named] = []
        self.issues: list[Issue] = []

    def read(self, pieces: list[Piece]) -> None:
        """Takes in the pieces of one grid; those no row of the form has the name of become issues."""
        coded = self.coded = _coded(self.form, pieces, self.coded)
        for piece in pieces:
            key = self._meant(piece.keys)
            if piece.keys:
                code = self.form.indicators[piece.keys[0]].code if coded else None
                self.rows.append(Named(piece, key, code))
            elif piece.cells:
                self._unread(piece)
            self.last = key or (piece.labels[0].key if piece.labels and not piece.keys else self.last)

    def sure(self) -> list[Named]:
        """The rows read, "" for the key of those whose label alone or whose group does not tell which they are."""
        printed = {named.key for named in self.rows if len(named.piece.keys) == 1}
        return [named if self._is_sure(named, printed) else named._replace(key="") for named in self.rows]

    def _meant(self, keys: list[str]) -> str:
        """被依法纠错数 stands under 行政复议 and under 行政诉讼: the row meant is the next of the family that was read last."""
        if len(keys) < 2:
            return "".join(keys)
        family = {self.last, self._parent(self.last)} - {""}
        fits = [key for key in keys if self._parent(key) in family and self.order[key] > self.order[self.last]]
        return fits[0] if len(fits) == 1 else ""

    def _is_sure(self, named: Named, printed: set[str]) -> bool:
        """The groups of all rows of this name are printed: were one lost, its rows would seem to stand in the other."""
        groups = [self._parent(key) for key in named.piece.keys] if len(named.piece.keys) > 1 else []
        return all(any(key == group or self._parent(key) == group for key in printed) for group in groups)

    def _parent(self, key: str) -> str:
        return self.form.indicators[key].parent if key else ""

    def _unread(self, piece: Piece) -> None:
        printed = " | ".join(cell.text for cell in piece.cells if cell.text)
        if piece.labels and piece.numbers:
            message = f"{piece.labels[0].key} is a chapter and prints values: {printed}"
            self.issues.append(Issue("long_row", piece.where, message))
        elif not piece.labels and (piece.numbers or piece.unit()):
            message = f"the form has no row called {piece.text!r}; its values are not read: {printed}"
            self.issues.append(Issue("unknown_label", piece.where, message))


def _coded(form: Form, pieces: list[Piece], before: bool) -> bool:
    """Whether the rows print a code in front of their numbers: some do under such a header, ``before`` a page break too, or most do."""
    if any(piece.coded or (before and piece.under_code) for piece in pieces):
        return True
    rows = [(form.indicators[piece.keys[0]].code, piece.values(None)) for piece in pieces if piece.keys]
    told = [bool(code) and cells[0].text == code for code, cells in rows if cells]
    return sum(told) * 2 > len(told)
