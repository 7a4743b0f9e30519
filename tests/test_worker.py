"""The process that reads: the same reports in the same order as without it, and whatever happens to it, no page is lost and none waits."""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from harvester.errors import Unreadable
from harvester.identity import Context
from harvester.items import Page, Report
from harvester.reading import read_report
from harvester.regions import default
from pipelines.messages import LENGTH, Answer, Asked, Broken, message, packed
from pipelines.reader import AHEAD, NoReader, Reader
from pipelines.readers import Readers
from pipelines.worker import Pages, serve
from storage.coding import FAILED, PASSED, ROWS, Words, figures_of
from tests import forms_html, storing

# A process as it might be: one that ends at some pages, one that prints, one that does not start.
MORTAL = """
import os, sys
from pipelines import worker
marker = sys.argv[1]
whole = worker.read_report
def read_report(body, *rest):
    if b"DEADLY" in body:
        os.kill(os.getpid(), 9)
    if b"ONCE" in body and not os.path.exists(marker):
        open(marker, "w").close()
        os._exit(3)
    if b"NOISY" in body:
        os.write(1, b"a library says hello")
    return whole(body, *rest)
worker.read_report = read_report
sys.argv[1:] = []
worker.main()
"""


def asked(number: int, note: str = "") -> Asked:
    title = f"府店镇人民政府{2015 + number}年政府信息公开工作年度报告"
    body = forms_html.page("national_2021", lambda *place: str(number), title=title).replace("</body>", f"<p>{note}</p></body>")
    url = f"http://www.yunxi.gov.cn/{number}.html"
    return Asked(body.encode(), "text/html", Context(url=url, source=url, region_code="410381"))


def here(page: Asked) -> list[Any]:
    words = Words()
    return told_of(packed(read_report(page.body, page.context.source, page.content_type, page.context), words), words)


def told_of(read: Any, words: Words) -> list[Any]:
    """All that a report says, whatever numbers stand for its words."""
    page = Page("", b"")
    read.into(page, words)
    coded, words = page.notes[ROWS]
    widths = ((coded.passed, PASSED), (coded.failed, FAILED))
    checks = [[words.places[number], *rest] for flat, width in widths for number, *rest in zip(*[iter(flat)] * width)]
    return [page.report, sorted(figures_of(page), key=repr), checks]


def read_all(pages: list[Asked], *command: str, meanwhile: Callable[[Reader], None] = lambda reader: None) -> list[Any]:
    """What comes of pages handed over all at once: reports or errors, in their order; then the reader is closed."""

    async def run() -> list[Any]:
        reader = Reader()
        reader.command = list(command) or reader.command
        waiting = [asyncio.ensure_future(reader.read(page)) for page in pages]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        meanwhile(reader)
        told = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 60)
        await reader.close()
        assert reader._transport is None, "the process has ended"
        return [one if isinstance(one, BaseException) else told_of(*one) for one in told]

    return asyncio.run(run())


def test_a_report_passes_the_pipe_unchanged() -> None:
    report, words, page = storing.report(), Words(), Page("", b"")
    assert report.figures and report.prose and report.checks and report.issues
    packed(report, words).into(page, words)
    assert page.report == replace(report, figures=[], checks=[])
    assert sorted(map(repr, figures_of(page))) == sorted(map(repr, report.figures))
    packed(Report(reason="nothing"), words).into(page, words)
    assert page.report == Report(reason="nothing")


def test_few_pages_at_a_time_are_packed_for_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred portals that answer in one breath would else be held three times over."""
    packed_now = 0
    most = [0]

    def counted(page: Asked) -> bytes:
        nonlocal packed_now
        packed_now += 1
        most[0] = max(most[0], packed_now)
        return message(page)

    def taken(self: Reader, told: Any) -> None:
        nonlocal packed_now
        packed_now -= isinstance(told, Answer)
        take(self, told)

    take = Reader._take
    monkeypatch.setattr("pipelines.reader.message", counted)
    monkeypatch.setattr(Reader, "_take", taken)
    pages = [asked(number) for number in range(3 * AHEAD)]
    assert read_all(pages) == [here(page) for page in pages]
    assert most[0] == AHEAD


def test_pages_are_answered_one_after_another_until_the_input_breaks_off() -> None:
    pages, told = [asked(1), asked(2)], io.BytesIO()
    read = Pages(default(()))
    serve(io.BytesIO(b"".join(map(message, pages)) + message(asked(3))[:-1]), told, read, read.words)
    told.seek(LENGTH.size)
    assert pickle.load(told) == "ready"
    learned = Words()
    for page in pages:
        told.seek(LENGTH.size, os.SEEK_CUR)
        answer = pickle.load(told)
        learned.learn(answer.cells, answer.places)
        assert told_of(answer.content, learned) == here(page)
    assert not told.read()
    assert (answer.cells, answer.places) == ([], []), "words are told once"


def test_a_defect_is_told_and_ends_nothing() -> None:
    broken = Pages(default(()))(Asked(None, "", Context()))  # type: ignore[arg-type]
    assert isinstance(broken, Broken)
    assert "TypeError" in broken.error and "read_report" in broken.where


def test_reports_come_back_in_order_and_are_those_of_this_process() -> None:
    pages = [asked(number) for number in range(8)] + [Asked(b"%PDF-1.4", "", Context(source="a.pdf")), Asked(b"", "", Context(source="b"))]
    assert read_all(pages) == [here(page) for page in pages]


def test_a_defect_is_raised_where_the_page_waits_and_the_next_is_read() -> None:
    broken, whole = read_all([Asked(None, "", Context()), asked(1)])  # type: ignore[arg-type]
    assert isinstance(broken, RuntimeError) and "TypeError" in str(broken)
    assert whole == here(asked(1))


def test_a_page_that_ends_its_reader_twice_is_unreadable_and_the_others_are_read(tmp_path: Any) -> None:
    pages = [asked(1), asked(2, "DEADLY"), asked(3, "ONCE"), asked(4, "NOISY"), asked(5)]
    first, deadly, *rest = read_all(pages, sys.executable, "-c", MORTAL, str(tmp_path / "once"))
    assert isinstance(deadly, Unreadable) and "ended the process that reads" in str(deadly)
    assert [first, *rest] == [here(pages[number]) for number in (0, 2, 3, 4)]


def test_a_reader_killed_from_outside_loses_no_page() -> None:
    pages = [asked(number) for number in range(12)]

    def kill(reader: Reader) -> None:
        assert reader._transport
        os.kill(reader._transport.get_pid(), signal.SIGKILL)

    assert read_all(pages, meanwhile=kill) == [here(page) for page in pages]


def test_a_reader_killed_before_it_is_ready_is_started_again(tmp_path: Any) -> None:
    dies_once = "import os, sys; m = sys.argv[1]; os.path.exists(m) or (open(m, 'w').close(), os.kill(os.getpid(), 9))"
    program = f"{dies_once}; sys.argv[1:] = []; from pipelines.worker import main; main()"
    assert read_all([asked(1)], sys.executable, "-c", program, str(tmp_path / "died")) == [here(asked(1))]


@pytest.mark.parametrize("command", [(sys.executable, "-c", "raise SystemExit(3)"), ("/nowhere/python",)])
def test_a_process_that_does_not_start_is_told_and_nobody_waits(command: tuple[str, ...]) -> None:
    told = read_all([asked(1), asked(2)], *command)
    assert all(isinstance(error, NoReader) and "does not start" in str(error) for error in told)


def test_several_processes_answer_in_the_order_they_were_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page is the longest to read by far, and the others are read meanwhile."""
    pages = [asked(1, "本机关主动公开政府信息。" * 20_000), *map(asked, range(2, 12))]
    order: list[int] = []
    started: list[Reader] = []
    begin = Reader.begin
    monkeypatch.setattr(Reader, "begin", lambda self: (started.append(self), begin(self))[1])

    async def read(readers: Readers, number: int) -> Any:
        told = await readers.read(pages[number])
        order.append(number)
        return told

    async def run() -> list[Any]:
        readers = Readers(3)
        told = await asyncio.wait_for(asyncio.gather(*(read(readers, number) for number in range(len(pages)))), 60)
        await readers.close()
        return [told_of(*one) for one in told]

    assert asyncio.run(run()) == [here(page) for page in pages]
    assert order == list(range(len(pages)))
    assert len(started) == 3, "as many as have work"


def test_a_page_that_cannot_be_read_keeps_its_turn() -> None:
    async def run() -> list[Any]:
        readers = Readers(2)
        wrong = asked(2)._replace(body=None)  # type: ignore[arg-type]
        told = await asyncio.gather(*(readers.read(page) for page in (asked(1), wrong, asked(3))), return_exceptions=True)
        await readers.close()
        return told

    first, second, third = asyncio.run(run())
    assert isinstance(second, RuntimeError) and "TypeError" in str(second)
    assert [told_of(*one) for one in (first, third)] == [here(asked(1)), here(asked(3))]


def test_a_message_says_its_length() -> None:
    (length,) = LENGTH.unpack_from(made := message("x" * 70_000))
    assert length == len(made) - LENGTH.size
