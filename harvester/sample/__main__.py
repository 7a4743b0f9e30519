"""``python -m harvester.sample [EDITION]``: serves the sample portals until Ctrl-C and says where their lists are."""

from __future__ import annotations

import sys
import threading

from harvester.sample import serve


def main(arguments: list[str]) -> int:
    """Exit status: 0 after Ctrl-C, 2 for an edition that does not exist."""
    edition = arguments[0] if arguments else "1"
    if edition not in ("1", "2") or len(arguments) > 1:
        sys.stderr.write("usage: python -m harvester.sample [1|2]\n")
        return 2
    with serve(int(edition)) as sample:
        lists = "\n".join(f"  {name:16} {url}" for name, url in sample.list_urls.items())
        _tell_and_wait(f"{len(sample.truth)} reports on\n{lists}\nregistry: {sample.portals_csv}\nCtrl-C ends it.\n")
    return 0


def _tell_and_wait(told: str) -> None:
    try:
        sys.stdout.write(told)
        sys.stdout.flush()
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
