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
WORKED_OUT = frozenset((0x03, 0x05, 0x07, 0x0A, 0x0C, *range(0x0E, 0x22), 0x25, 0x3C, 0x3D, 0x3E, 0x41, 0x42, 0x48, 0x55))


def kept(body: bytes, name: str) -> bytes:
    """The file with its fields of a kind that LibreOffice does not work out; as it is when it is older than the list of fields."""
    if name == "rtf":
        return INSTRUCTION.sub(UNKNOWN, body)
    return _plain(body) if name == "doc" else body


def _plain(body: bytes) -> bytes:
    head = ole.stream(body, "WordDocument")[: LISTED_AT + 8].ljust(LISTED_AT + 8, b"\0")
    version, flags = struct.unpack_from("<2xH6xH", head)
    first, length = struct.unpack_from("<II", head, LISTED_AT)
    name = "1Table" if flags & SECOND_TABLE else "0Table"
    if version < WORD_97 or length < 10:
        return body
    table = bytearray(ole.stream(body, name))
    fields = (length - 4) // 6  # a place of four bytes for each mark and one more, then two bytes for each
    for at in range(first + 4 * (fields + 1), min(first + length, len(table)) - 1, 2):
        if table[at] & MARK == BEGIN and table[at + 1] in WORKED_OUT:
            table[at + 1] = QUOTE
    return ole.changed(body, name, bytes(table))
