"""One command for a portal of which only the home page is known: find its column of annual reports, propose lines for the registry."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click

from harvester import console, registry
from harvester.commands.options import registry_option, scrapy_option

MOST = 60


@click.command()
@click.argument("url", metavar="URL")
@registry_option
@click.option("--requests", type=click.IntRange(min=1), default=MOST, show_default=True, help="The most requests, robots.txt included.")
@click.option("--json", "as_json", is_flag=True, help="The lines with all their evidence as JSON.")
@scrapy_option
def discover(url: str, registry_file: Path | None, requests: int, as_json: bool, overrides: tuple[str, ...]) -> int:
    """Find a portal's list from its home page.

    Proposes lines for the registry, with how each was found; writes none. Asks one thing at a time, obeys robots.txt, asks no host but
    the portal's, those of the registry and gov.cn, and stops at a challenge.

    \b
    harvester discover https://www.example.gov.cn/
    harvester discover www.example.gov.cn --requests 30 --json | jq .proposals[0].line
    """
    from spiders import launch

    found = launch.discover(url, registry_file, requests, overrides)
    facts = found.as_json()
    if as_json:
        console.show_json(facts)
    else:
        show(facts)
    return 0 if facts["proposals"] else 1


def show(facts: dict[str, Any]) -> None:
    """The lines on stdout, ready to be put into a registry; how they were found on stderr."""
    lines = [proposal["line"] for proposal in facts["proposals"]]
    if lines:
        writer = csv.DictWriter(sys.stdout, (*registry.REQUIRED, *registry.EVIDENCE), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
        sys.stdout.flush()
    for words in told(facts):
        click.echo(words, err=True)


def told(facts: dict[str, Any]) -> list[str]:
    """The evidence in words, a line each."""
    words = [f"{facts['outcome']}: {facts['why'] or facts['home']} ({facts['requests']} requests)"]
    for proposal in facts["proposals"]:
        words += [f"{proposal['list_url']}  {proposal['points']} points, family {proposal['family']}", f"  {' > '.join(proposal['path'])}"]
        words += [f"  {sign['points']:+d} {sign['reason']}" for sign in proposal["signs"]]
        words += [f"  {line}" for line in (proposal["covers"], *proposal["remarks"]) if line]
    words += [f"weaker: {find['list_url']} ({find['points']} points)" for find in facts["weaker"]]
    if facts["elsewhere"]:
        words.append(f"on other hosts, not asked ({len(facts['elsewhere'])}): {', '.join(facts['hosts_elsewhere'])}")
    words += [f"in the registry already: {line['portal_id']} {line['list_url']}" for line in facts["in_registry"]]
    words += [f"stopped: {facts['blocked']}"] if facts["blocked"] and facts["proposals"] else []
    return words
