"""What a run did, portal by portal: counts of reports (not of addresses) and one outcome each, in the shape users script against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

OUTCOMES = ("complete", "incomplete", "blocked", "unreachable", "empty")
EXAMPLES = 3  # failures named in a reason; the log and the issues of the database have all


@dataclass(slots=True)
class Carried:
    """A listed page and what it carries: whether it, or one of its attachments, was read as a report, and why not."""

    read: bool = False
    rejected: bool = False
    failures: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PortalTally:
    """One portal in one run.

    ``listed`` counts links to reports after look-alikes were ``rejected``, ``fetched`` bodies that came, ``skipped`` links outside the
    wanted years. ``new``, ``changed``, ``unchanged``, ``withdrawn`` are sets of report ids. ``failures`` are listed reports that could
    not be read, one line each. ``open_lists`` and ``pending``: lists and reports asked for and not answered yet. ``carried``: URL of a
    listed page that is no report, or has attachments -> what became of it and of them; with one report among them it was read.
    ``read_as``: the family of its lists, of the first that was read to its end.
    """

    portal_id: str
    min_reports: int | None = None
    expects_reports: bool = True
    listed: int = 0
    fetched: int = 0
    rejected: int = 0
    skipped: int = 0
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    unchanged: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    refused: int = 0
    carried: dict[str, Carried] = field(default_factory=dict)
    open_lists: int = 0
    pending: int = 0
    read_as: str = ""
    ended: str = ""
    ended_because: str = ""

    def end(self, outcome: str, reason: str) -> None:
        """The portal cannot be ``complete``: why. What is said first stands, for what follows is mostly its consequence."""
        if outcome not in OUTCOMES:
            raise ValueError(f"{outcome!r} is no outcome")
        if not self.ended:
            self.ended, self.ended_because = outcome, reason

    def fail(self, what: str, refused: bool = False) -> None:
        """A listed report could not be read; ``refused``: because the portal refuses, not because it is broken."""
        self.failures.append(what)
        self.refused += refused

    def rename(self, ids: Iterable[str], report_id: str) -> None:
        """Reports told under ``ids`` turned out to be renditions of ``report_id``: what was told of them is told of it."""
        for told in (self.new, self.changed, self.unchanged, self.withdrawn) if ids else ():
            if not told.isdisjoint(ids):
                told.difference_update(ids)
                told.add(report_id)

    @property
    def outcome(self) -> str:
        return self._verdict()[0]

    @property
    def reason(self) -> str:
        return self._verdict()[1]

    def _verdict(self) -> tuple[str, str]:
        if self.ended:
            return self.ended, self.ended_because
        if failures := self._unread():
            refused = self.refused == len(failures) and not self.fetched
            return ("blocked" if refused else "incomplete"), _told(failures)
        if self.open_lists or self.pending:
            left = f"{self.open_lists} lists and {self.pending} reports were" if self.listed else "its list was"
            return "incomplete", f"the run was interrupted: {left} still to be read"
        return self._counted()

    def _counted(self) -> tuple[str, str]:
        shown = self.listed - self._none() + self.skipped
        least = 1 if self.min_reports is None else self.min_reports
        if not self.expects_reports or shown >= least:
            return "complete", ""
        if not shown:
            expected = f", at least {least} are expected" if least > 1 else ""
            return "empty", f"the list answers and shows no report{expected}{f' (read as {self.read_as})' if self.read_as else ''}"
        return "incomplete", f"the list shows {shown} reports, at least {least} are expected"

    def _unread(self) -> list[str]:
        """A line for each listed report that could not be read, neither on its page nor in a file that the page carries."""
        return [*self.failures, *(one.failures[0] for one in self.carried.values() if one.failures and not one.read)]

    def _none(self) -> int:
        """How many listed pages turned out to be no report, with all that they carry."""
        return sum(one.rejected and not one.read and not one.failures for one in self.carried.values())

    def as_dict(self) -> dict[str, Any]:
        """The portal's object in the run summary. A revision is changed and never new; what is new or changed is not unchanged."""
        outcome, reason = self._verdict()
        counts = {
            "listed": self.listed - self._none(),
            "fetched": self.fetched,
            "new": len(self.new - self.changed),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged - self.new - self.changed),
            "withdrawn": len(self.withdrawn),
            "rejected": self.rejected + self._none(),
        }
        return {"portal_id": self.portal_id, "outcome": outcome, "reason": reason, **counts}


def _told(failures: list[str]) -> str:
    named = "; ".join(failures[:EXAMPLES])
    more = len(failures) - EXAMPLES
    count = "1 listed report" if len(failures) == 1 else f"{len(failures)} listed reports"
    return f"{count} could not be read: {named}{f'; and {more} more' if more > 0 else ''}"


@dataclass(slots=True)
class RunSummary:
    """One run. ``started`` is UTC ISO 8601; ``requests`` sent (robots.txt and retries too) and ``bytes`` received are told at its end.

    ``expects_reports``: portals are asked for theirs. What reads files or an archive is content with what is there.
    """

    run_id: str = ""
    started: str = ""
    seconds: float = 0.0
    requests: int = 0
    bytes: int = 0
    portals: dict[str, PortalTally] = field(default_factory=dict)
    expects_reports: bool = True

    def portal(self, portal_id: str) -> PortalTally:
        """The tally of ``portal_id``, begun when there is none yet."""
        if portal_id not in self.portals:
            self.portals[portal_id] = PortalTally(portal_id, expects_reports=self.expects_reports)
        return self.portals[portal_id]

    def measure(self, seconds: float, requests: int, received: int) -> None:
        """The cost of the run so far: ``seconds`` of wall time, ``requests`` sent, bytes ``received``."""
        self.seconds, self.requests, self.bytes = round(seconds, 3), requests, received

    def tallies(self) -> Iterable[PortalTally]:
        return self.portals.values()

    @property
    def complete(self) -> bool:
        """Whether nothing was left incomplete, blocked, unreachable, empty or unreadable."""
        return all(tally.outcome == "complete" for tally in self.tallies())

    def as_dict(self) -> dict[str, Any]:
        """The run summary as users script against it."""
        head = {"run_id": self.run_id, "started": self.started, "seconds": self.seconds, "requests": self.requests, "bytes": self.bytes}
        return {**head, "portals": [tally.as_dict() for tally in self.tallies()]}
