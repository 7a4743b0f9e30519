"""How this process holds memory while it reads pages: what one page frees, the next one takes."""

from __future__ import annotations

import ctypes
import gc

# mallopt(3): parameters of glibc's allocator.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT = 64 * 1024 * 1024  # bytes kept rather than given back to the system between two pages


def keep_between_pages() -> None:
    """Settings of the collector and the allocator for a process that reads thousands of pages; without glibc, the collector's only.

    A page is a few thousand small objects that die together: looking for cycles among them every 700 costs a tenth of the run. And glibc
    returns a parsed page's memory to the system to take it again for the next: half of the time the HTML parser needs.
    """
    gc.set_threshold(50_000, 20, 50)
    gc.freeze()
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_TRIM_THRESHOLD, KEPT)
        mallopt(M_MMAP_THRESHOLD, KEPT)
