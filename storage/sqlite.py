"""sqlite-utils without pandas and numpy: it loads them wherever they are installed, for values that nothing here stores; half a second."""

from __future__ import annotations

import sys

_UNUSED = [name for name in ("pandas", "numpy") if name not in sys.modules]
for _name in _UNUSED:
    sys.modules[_name] = None  # type: ignore[assignment]  # an import of it fails, as where it is not installed
try:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations
finally:
    for _name in _UNUSED:
        del sys.modules[_name]

__all__ = ["Database", "Migrations"]
