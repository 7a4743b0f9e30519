"""Peak memory of a process on Linux; ``ru_maxrss`` will not do: a child inherits its parent's."""

from __future__ import annotations

import re
import resource
import subprocess
import time
from pathlib import Path

PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
LOOK = 0.05  # seconds between two looks; memory is meant to be flat, so the last look misses nothing


def peak_mb(pid: int | str = "self") -> float:
    """Peak of the process so far, in MB; 0 when it is gone. Without ``/proc`` this process' own ``ru_maxrss``."""
    try:
        found = PEAK.search(Path(f"/proc/{pid}/status").read_text("utf-8"))
    except OSError:
        return 0.0 if Path("/proc").exists() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return round(int(found[1]) / 1024, 1) if found else 0.0


def children(pid: int) -> list[str]:
    """Processes that ``pid`` started and that still run; none without ``/proc``."""
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    except OSError:
        return []


def run_watched(command: list[str], errors: Path) -> float:
    """Runs ``command`` to a good end, its stderr into ``errors``; returns its peak memory in MB, with that of its own processes."""
    peak = 0.0
    with errors.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stream)
        while process.poll() is None:
            peak = max(peak, peak_mb(process.pid) + sum(peak_mb(child) for child in children(process.pid)))
            time.sleep(LOOK)
    assert process.returncode == 0, errors.read_text("utf-8")
    return peak
