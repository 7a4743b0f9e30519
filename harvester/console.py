"""What a run, the database and the registry look like in a terminal: plain facts in, tables and closing lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

COUNTS = ("listed", "fetched", "new", "changed", "unchanged", "withdrawn", "rejected")
FILES = "(files)"  # stands for the portal of what came from files and named none
SHOWN = 5  # titles named in a closing summary; the database has the rest
TOLD = 20  # disagreements of an audit told on the spot
Thing = TypeVar("Thing")
NOT_ASKED = ("not asked", "", None, None, "the time was up before its turn (CLOSESPIDER_TIMEOUT)")
COLOURS = {"complete": "green", "answers": "green", "incomplete": "yellow", "blocked": "red", "unreachable": "red", "empty": "yellow"}


def stdout() -> Console:
    """Terminal width on a terminal; wide enough to cut nothing in a file or a pipe."""
    console = Console(file=sys.stdout, highlight=False)
    return console if console.is_terminal else Console(file=sys.stdout, highlight=False, width=160)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of text; numbers to the right, missing ones as ``-``."""
    rows = [list(row) for row in rows]
    made = Table(title=escape(title), title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        numeric = any(isinstance(row[index], int) for row in rows)
        made.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        made.add_row(*("-" if value is None else coloured(value) for value in row))
    return made


def coloured(value: object) -> str:
    """Markup of one cell. Numbers of four digits stay as they are: most of them are years."""
    text = f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)
    return f"[{COLOURS[text]}]{text}[/]" if text in COLOURS else escape(text)


def show_run(summary: Mapping[str, Any], titles: Mapping[str, Sequence[str]], held: Mapping[str, Any], next_command: str) -> None:
    """The closing summary: a line a portal, the titles of what is new and changed, what the database holds, what to type next.

    ``titles``: outcome (``new``, ``changed``, ``withdrawn``, ``unchanged``) -> titles, of all portals together: a report that two
    portals show is one. ``held``: reports, first_year, last_year.
    """
    out = stdout()
    out.print(run_table(summary))
    for outcome, names in titles.items():
        if names and outcome != "unchanged":
            out.print(f"\n[bold]{outcome}[/] ({len(names):,})")
            out.print("\n".join(f"  {escape(name)}" for name in names[:SHOWN]))
            if len(names) > SHOWN:
                out.print(f"  … and {len(names) - SHOWN:,} more")
    out.print("\n" + escape(closing_line(summary, titles, held)))
    out.print(f"next: [bold]{escape(next_command)}[/]")


def run_table(summary: Mapping[str, Any]) -> Table:
    rows = [[line["portal_id"] or FILES, line["outcome"], *(line[name] for name in COUNTS)] for line in summary["portals"]]
    return table(f"run {summary['run_id']}", ["portal", "outcome", *COUNTS], rows)


def closing_line(summary: Mapping[str, Any], titles: Mapping[str, Sequence[str]], held: Mapping[str, Any]) -> str:
    told = ", ".join(f"{len(names):,} {outcome}" for outcome, names in titles.items() if names) or "no report was stored"
    years = f", report years {held['first_year']}-{held['last_year']}" if held["first_year"] else ""
    asked = f"{summary['requests']:,} requests, {summary['bytes'] / 1e6:,.1f} MB, " if summary["requests"] else ""
    return f"{told}; {asked}{summary['seconds']:,.1f} s. The database holds {held['reports']:,} reports{years}."


def left_undone(summary: Mapping[str, Any]) -> list[str]:
    """One line for each portal that is not complete: what and why."""
    return [
        f"{line['portal_id'] or FILES}: {line['outcome']}: {line['reason'] or 'see the log'}"
        for line in summary["portals"]
        if line["outcome"] != "complete"
    ]


def show_undone(lines: Iterable[str]) -> int:
    """Tells what was left undone on stderr, a line each; returns the exit status, 0 when there is none."""
    lines = list(lines)
    for line in lines:
        print(f"harvester: {line}", file=sys.stderr)
    return 1 if lines else 0


def show_portals(portals: Iterable[Any]) -> int:
    """The registry as a table; portals whose list is not known yet are named as such. Returns exit status 0."""
    portals = list(portals)
    rows = [[p.portal_id, p.name, p.region_code, p.family or "(detect)", p.min_reports, p.list_url or "(list unknown)"] for p in portals]
    stdout().print(table("", ["portal", "name", "region", "family", "min", "list"], rows))
    unknown = sum(not portal.list_url for portal in portals)
    stdout().print(f"\n{len(portals):,} portals; the list of {unknown:,} is not known yet: those are not crawled")
    return 0


def show_answers(portals: Iterable[Any], answers: Mapping[str, Any]) -> int:
    """What each list said when asked, those that need a look first. Returns exit status 1 when a known list shows no report."""
    asked = [portal for portal in portals if portal.list_url]
    rows = []
    for portal in asked:
        answer = answers.get(portal.portal_id)
        told = [answer.outcome, answer.family, answer.reports, answer.links, answer.what] if answer else list(NOT_ASKED)
        rows.append([portal.portal_id, *told, portal.list_url])
    good = sum(row[1] == "answers" for row in rows)
    rows.sort(key=lambda row: row[1] == "answers")
    stdout().print(table("", ["portal", "outcome", "family", "reports", "links", "what it said", "address"], rows))
    stdout().print(f"\n{good:,} of {len(asked):,} lists answer")
    return 0 if good == len(asked) else 1


def show_status(facts: Mapping[str, Any], database: Path) -> None:
    """The state of the database: runs, portals, coverage by year, what is broken."""
    out = stdout()
    older = f" (and {facts['superseded']:,} superseded)" if facts["superseded"] else ""
    out.print(f"[bold]{escape(str(database))}[/]: {facts['reports']:,} reports{older}, {facts['captures']:,} captures")
    for part, title in (("runs", "last runs"), ("portals", "portals"), ("years", "reports by year"), ("issues", "what is broken")):
        rows = facts[part]
        if rows:
            out.print()
            out.print(table(title, list(rows[0]), [[FILES if cell == ("portal", "") else cell[1] for cell in row.items()] for row in rows]))


def show_json(facts: Mapping[str, Any]) -> None:
    """The facts as JSON, for programs."""
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")


def bar(things: Sequence[Thing], called: str = "reports") -> Iterator[Thing]:
    """The things one by one, with a bar on stderr when that is a terminal."""
    console = Console(file=sys.stderr)
    yield from track(things, called, console=console, transient=True, disable=not console.is_terminal)


def show_audit(audited: Any) -> int:
    """The cells that the two readers read differently, then the counts. Returns exit status 1 when there are any, or reports left out."""
    for name, issue in audited.issues[:TOLD]:
        sys.stdout.write(f"{name}: {issue.message}\n")
    if len(audited.issues) > TOLD:
        sys.stdout.write(f"… and {len(audited.issues) - TOLD:,} more\n")
    for line in audited.unread[:SHOWN]:
        sys.stderr.write(f"harvester: {line}\n")
    if len(audited.unread) > SHOWN:
        sys.stderr.write(f"harvester: {len(audited.unread) - SHOWN:,} more reports could not be compared\n")
    cells = f"{audited.agreed:,} agreed, {len(audited.issues):,} disagreed, {audited.not_comparable:,} not comparable"
    sys.stdout.write(f"{audited.reports:,} reports compared; of their cells {cells}\n")
    return 1 if audited.issues or audited.unread else 0
