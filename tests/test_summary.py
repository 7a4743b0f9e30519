"""The run summary: reports counted once each, and one outcome a portal that says what happened."""

from __future__ import annotations

import pytest

from harvester.summary import PortalTally, RunSummary

KEYS = ["portal_id", "outcome", "reason", "listed", "fetched", "new", "changed", "unchanged", "withdrawn", "rejected"]


def tally(**values: object) -> PortalTally:
    return PortalTally("henan", **values)  # type: ignore[arg-type]


def test_the_shape_users_script_against() -> None:
    summary = RunSummary("0a1b", "2026-11-21T12:00:00Z")
    summary.portal("henan").listed = 2
    summary.measure(1.23456, 7, 890)
    told = summary.as_dict()
    assert list(told) == ["run_id", "started", "seconds", "requests", "bytes", "portals"]
    assert (told["run_id"], told["seconds"], told["requests"], told["bytes"]) == ("0a1b", 1.235, 7, 890)
    assert list(told["portals"][0]) == KEYS
    assert summary.portal("henan") is summary.portal("henan")


def test_reports_are_counted_not_addresses() -> None:
    one = tally(listed=5, fetched=5)
    one.new.update({"a", "b", "c"})
    one.changed.update({"c"})
    one.unchanged.update({"a", "d"})
    told = one.as_dict()
    assert (told["new"], told["changed"], told["unchanged"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("values", "outcome", "said"),
    [
        ({"listed": 3}, "complete", ""),
        ({}, "empty", "shows no report"),
        ({"min_reports": 10}, "empty", "at least 10"),
        ({"min_reports": 0}, "complete", ""),
        ({"listed": 9, "min_reports": 10}, "incomplete", "shows 9 reports, at least 10"),
        ({"listed": 4, "skipped": 6, "min_reports": 10}, "complete", ""),
        ({"skipped": 6}, "complete", ""),
        ({"expects_reports": False}, "complete", ""),
        ({"listed": 3, "pending": 2}, "incomplete", "interrupted"),
        ({"open_lists": 1}, "incomplete", "interrupted"),
        ({"listed": 2, "fetched": 1, "failures": ["u1: HTTP 500"]}, "incomplete", "1 listed report could not be read: u1: HTTP 500"),
        ({"listed": 5, "fetched": 1, "failures": list("abcd")}, "incomplete", "4 listed reports could not be read: a; b; c; and 1 more"),
        ({"listed": 2, "failures": ["a", "b"], "refused": 2}, "blocked", "2 listed reports"),
        ({"listed": 3, "fetched": 1, "failures": ["a", "b"], "refused": 2}, "incomplete", "2 listed reports"),
    ],
)
def test_an_outcome_and_its_reason(values: dict[str, object], outcome: str, said: str) -> None:
    one = tally(**values)
    assert one.outcome == outcome
    assert said in one.reason if said else one.reason == ""


def test_what_is_said_first_stands() -> None:
    one = tally(listed=1)
    one.end("blocked", "HTTP 403")
    one.end("incomplete", "later")
    assert (one.outcome, one.reason) == ("blocked", "HTTP 403")
    with pytest.raises(ValueError, match="no outcome"):
        one.end("fine", "")


def test_a_run_is_complete_when_every_portal_is() -> None:
    summary = RunSummary()
    summary.portal("a").listed = 1
    assert summary.complete
    summary.portal("b").fail("b1: unreadable")
    assert not summary.complete
