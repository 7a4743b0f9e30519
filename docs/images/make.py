"""Takes the pictures of the README: the sample crawled and published, looked at in Chromium (``make pictures``)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1280, "height": 860}
REPORT = """select r.id, e.report_id, w.capture_id from reports r, source_errors e join reports w on w.id = e.report_id
    where r.organ = '青岚市教育局' and r.year = 2022 and e.check_id = 't4_review' limit 1"""


def main() -> int:
    """Writes its pictures beside this file. Exit status 1 without a browser."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.stderr.write("docs/images/make.py: no Chromium: apt-get install chromium fonts-noto-cjk\n")
        return 1
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport=SIZE, device_scale_factor=1.25)  # type: ignore[arg-type]
        for name, path in pages(page, address).items():
            page.goto(f"{address}{path}", wait_until="networkidle")
            page.wait_for_timeout(500)  # a frame is drawn after it is loaded
            page.evaluate("document.querySelector('iframe')?.scrollIntoView({block: 'end'})")
            page.screenshot(path=HERE / f"{name}.png")
        chromium.close()
    return 0


def pages(page: Page, address: str) -> dict[str, str]:
    """Picture -> path of what it shows."""
    report, wrong, capture = page.request.get(f"{address}/harvest.json", params={"sql": REPORT, "_shape": "arrays"}).json()["rows"][0]
    return {
        "reports": "/-/search?q=诉讼",
        "home": "/",
        "report": f"/-/report/{report}",
        "dashboard": "/-/dashboard/requests?region=990000",
        "cell": f"/-/capture/{capture}?report={wrong}&of=table_4/cases/review_total",
    }


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address of the published sample, in both its weeks; the server ends with the block."""
    for _ in range(2):
        subprocess.run([sys.executable, "-m", "harvester", "crawl", "--sample"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "harvester", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while socket.socket().connect_ex(("127.0.0.1", port)):
        if time.monotonic() > end:
            raise SystemExit("docs/images/make.py: the server did not start")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
