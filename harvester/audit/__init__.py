"""The second reader: another parser, another grid, another way to know a label and to read a number than the first one has.

It is simple, reads only what is plain, and says nothing where it is not sure. What two readers say of a cell is worth more than what one
says; where they differ one of them is wrong, and somebody should look (``harvester audit``). They have nothing in common but the official
forms themselves, ``harvester.forms``.
"""

from __future__ import annotations

from harvester.audit.comparing import CODE, Comparison, compare
from harvester.audit.reading import Reading, read

__all__ = ["CODE", "Comparison", "Reading", "compare", "read"]
