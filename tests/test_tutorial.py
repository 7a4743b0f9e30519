"""The tutorial, walked: every address opened, every link clicked, every number in bold found on the page where the text says it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin
from urllib.request import urlopen

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from storage import publish
from tests.serving import server

DOCS = Path(__file__).parent.parent / "docs"
TEXTS = [path for path in (DOCS / "tutorial.md", DOCS / "tutorial.zh-CN.md") if path.exists()]
# An address to open, a link to click (perhaps with the row it stands in), something to see.
STEP = re.compile(r"`(?P<open>/[^`]*)`|「(?P<click>[^」]+)」|\*\*(?P<see>.+?)\*\*")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample of both its weeks, published and served."""
    folder = tmp_path_factory.mktemp("tutorial")
    for _ in range(2):
        command = [sys.executable, "-m", "harvester", "crawl", "--sample", "--db", "harvest.db", "--archive", "archive"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    publish.publish(folder / "harvest.db", folder / "site")
    with server(folder / "site") as found:
        yield found


class Reader:
    """Somebody who reads the text with the site beside it."""

    def __init__(self, address: str) -> None:
        self.at, self.address = address, address
        self.page = LexborHTMLParser("")

    def open(self, path: str) -> None:
        with urlopen(urljoin(self.address, quote(path, safe=":/?&=%#*")), timeout=30) as answer:
            self.at = answer.geturl()
            self.page = LexborHTMLParser(answer.read())

    def click(self, told: str) -> None:
        row, _, link = told.rpartition(" ▸ ")
        places = [place for place in self.page.css("tr, li") if row in plain(place)] if row else [self.page.css_first("main")]
        assert places, f"{self.at}: no row {row}"
        links = [one for place in places for one in place.css("a") if re.fullmatch(f"{re.escape(link)}( .*)?", plain(one))]
        assert links, f"{self.at}: no link {told}"
        self.open(urljoin(self.at, links[0].attributes["href"] or ""))

    def see(self, told: str) -> None:
        seen = plain(self.page.css_first("main"))
        assert re.search(rf"(?<![\d.,]){re.escape(told)}(?![\d,]|\.\d)", seen), f"{self.at}: no {told}"


def plain(node: LexborNode) -> str:
    """Its words with one blank between them; what a link, a cell or a bold word parts does not grow together."""
    return re.sub(r" ?/ ?", "/", " ".join(node.text(separator=" ").split()))


def questions(path: Path) -> dict[str, str]:
    """Heading -> text."""
    return dict(part.split("\n", 1) for part in path.read_text("utf-8").split("\n## ")[1:])


CASES = [(path, title) for path in TEXTS for title in questions(path)]


@pytest.mark.parametrize(("path", "title"), CASES, ids=[f"{path.stem}-{number}" for number, (path, _) in enumerate(CASES)])
def test_the_site_shows_what_the_tutorial_says(address: str, path: Path, title: str) -> None:
    reader = Reader(address)
    reader.open("/")
    steps = list(STEP.finditer(questions(path)[title]))
    assert len(steps) > 4
    for step in steps:
        what = step.lastgroup or ""
        getattr(reader, what)(" ".join(step[what].split()))


def test_a_number_that_is_not_there_is_missed(address: str) -> None:
    reader = Reader(address)
    reader.open("/")
    for wrong in (lambda: reader.see("24"), lambda: reader.click("机关比较 ▸ 8"), lambda: reader.see("249")):
        with pytest.raises(AssertionError):
            wrong()
