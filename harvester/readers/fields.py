"""Fields of old office files (totals, dates, references): what they printed when the file was saved stays what they print."""

from __future__ import annotations

import re
import struct

from harvester.readers import ole

# LibreOffice works fields out anew: a date becomes today's, a total that it does not understand 0, a reference without its target an error.
# An unknown part of rich text is passed over, and the field's result is text; these fields' results are not printed, in either format.
INSTRUCTION = re.compile(rb"(?:\\\*\s*)?\\fldinst\b(?![^}]{0,200}?\b(?:SET|ASK|RD|ADDIN|PRIVATE|MACROBUTTON)\b)")
UNKNOWN = rb"\\*\\fldunknown"
# [MS-DOC] 2.5.1: the first version whose head is laid out like this, the flag that names the table stream, where the fields are listed.
WORD_97, SECOND_TABLE, LISTED_AT = 0xC1, 0x0200, 0x11A
# [MS-DOC] 2.9.90: a field's first mark, the bits that hold it, the kind whose result is plain text, and those that are worked out anew:
# references, conditions, sequences, what the document says about itself, dates, pages.
BEGIN, MARK, QUOTE = 0x13, 0x1F, 0x23
# [MS-DOC] 2.9.35 and 2.9.33: the pages that list the runs of characters, 512 bytes each, the last of which counts the runs.
RUNS_AT, PAGE = 0xFA, 512
ROW_END, FIELD = b"\x07\x00", b"\x13\x00"  # a row's end and a field's first mark
WORKED_OUT = frozenset((0x03, 0x05, 0x07, 0x0A, 0x0C, *range(0x0E, 0x22), 0x25, 0x3C, 0x3D, 0x3E, 0x41, 0x42, 0x48, 0x55))


def kept(body: bytes, name: str) -> bytes:
    """The file with its fields of a kind that LibreOffice does not work out; as it is when it is older than the list of fields."""
    if name == "rtf":
        return INSTRUCTION.sub(UNKNOWN, body)
    return _plain(body) if name == "doc" else body


def _plain(body: bytes) -> bytes:
    text = bytearray(ole.stream(body, "WordDocument"))
    head = bytes(text[: LISTED_AT + 8]).ljust(LISTED_AT + 8, b"\0")
    version, flags = struct.unpack_from("<2xH6xH", head)
    if version < WORD_97:
        return body
    name = "1Table" if flags & SECOND_TABLE else "0Table"
    table = bytearray(ole.stream(body, name))
    if _part(text, bytes(table), *struct.unpack_from("<II", head, RUNS_AT)):
        body = ole.changed(body, "WordDocument", bytes(text))
    first, length = struct.unpack_from("<II", head, LISTED_AT)
    if length < 10:
        return body
    fields = (length - 4) // 6  # a place of four bytes for each mark and one more, then two bytes for each
    for at in range(first + 4 * (fields + 1), min(first + length, len(table)) - 1, 2):
        if table[at] & MARK == BEGIN and table[at + 1] in WORKED_OUT:
            table[at + 1] = QUOTE
    return ole.changed(body, name, bytes(table))


def _part(text: bytearray, table: bytes, first: int, length: int) -> bool:
    """Parts the end of a row from the field that the next one begins with; whether there was any to part.

    LibreOffice, writing a doc, puts both in one run of characters, and reading it takes the end for a part of the field: the cells of the
    next row come to stand one place to the left of their own. Word keeps them apart.
    """
    pages = max(length - 4, 0) // 8  # a place of four bytes for each page and one more, then four bytes for each
    found = False
    for entry in range(first + 4 * (pages + 1), min(first + 4 * (2 * pages + 1), len(table) - 3), 4):
        page = int.from_bytes(table[entry : entry + 4], "little") * PAGE
        runs = text[page + PAGE - 1] if page + PAGE <= len(text) else 0
        for at in range(page, page + 4 * min(runs, PAGE // 4 - 1), 4):
            (begin,) = struct.unpack_from("<I", text, at)
            if text[begin : begin + 4] == ROW_END + FIELD:
                struct.pack_into("<I", text, at, begin + len(ROW_END))
                found = True
    return found
