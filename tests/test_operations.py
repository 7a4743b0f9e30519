"""The recipes of the runbook: units that systemd accepts, a workflow that is YAML, runs that are denser in the season."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from harvester import assertions
from harvester.summary import OUTCOMES

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
BLOCKS: dict[str, str] = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL))
UNITS = sorted(name for name in BLOCKS if name.endswith((".service", ".timer")))


@pytest.fixture
def systemd(tmp_path: Path) -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("no systemd-analyze: apt-get install systemd")
    for name in UNITS:
        text = BLOCKS[name].replace("/srv/harvester/.venv/bin/harvester", "/bin/true")
        (tmp_path / name).write_text(text.replace("User=harvester\n", ""), "utf-8")
    return found


def test_systemd_accepts_the_units(systemd: str, tmp_path: Path) -> None:
    assert UNITS == ["harvester-season.timer", "harvester-year.timer", "harvester.service"]
    told = subprocess.run([systemd, "verify", *(tmp_path / name for name in UNITS)], capture_output=True, text=True, check=False)
    assert [line for line in told.stderr.splitlines() if "harvester" in line] == [], "what it says of other units is not ours to mend"


def test_the_timers_run_daily_in_the_season_and_weekly_after_it(systemd: str) -> None:
    def runs(name: str, month: int) -> int:
        times = re.findall(r"^OnCalendar=(.*)$", BLOCKS[name], flags=re.MULTILINE)
        began = f"2026-{month:02}-01 00:00:00 UTC"
        told = [
            subprocess.run([systemd, "calendar", "--iterations=40", "--base-time", began, time], capture_output=True, text=True)
            for time in times
        ]
        assert all(one.returncode == 0 for one in told), [one.stderr for one in told]
        return sum(len(re.findall(rf"(?:Next elapse|Iteration #\d+|Iter\. #\d+): \w+ 2026-{month:02}-", one.stdout)) for one in told)

    assert [runs("harvester-season.timer", month) for month in (1, 3, 4, 5)] == [31, 31, 8, 0]
    assert [runs("harvester-year.timer", month) for month in (4, 5, 12)] == [0, 4, 4]


def workflow() -> dict[Any, Any]:
    yaml = pytest.importorskip("yaml", reason="no YAML library")
    read: dict[Any, Any] = yaml.safe_load(BLOCKS["harvest.yml"])
    return read


def test_the_workflow_is_yaml_and_keeps_database_and_archive() -> None:
    steps = workflow()["jobs"]["run"]["steps"]
    used = {step["uses"].partition("@")[0]: step for step in steps if "uses" in step}
    kept = used["actions/upload-artifact"]["with"]["path"].split()
    assert {"data/harvest.db", "data/archive"} <= set(kept)
    assert used["actions/cache/save"]["if"] == used["actions/upload-artifact"]["if"] == "always()", "also when the run was left undone"
    assert used["actions/cache/restore"]["with"]["key"] == used["actions/cache/save"]["with"]["key"]
    assert any("harvester run" in step.get("run", "") for step in steps)


def test_all_recipes_run_at_the_same_times() -> None:
    crons = [line["cron"] for line in workflow()[True]["schedule"]]  # YAML 1.1 reads "on" as true
    table = re.findall(r"^(\d+ \d+ \S+ \S+ \S+) +cd ", PAGE, flags=re.MULTILINE)
    assert crons == table
    assert [line.split()[3] for line in crons] == ["1-3", "4", "5-12"], "every month is in one of them"


def test_every_assertion_and_outcome_is_in_the_runbook() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE.split("## Assertions")[1].split("## What an outcome")[0]))
    assert {one.key for one in assertions.load()} <= told
    assert set(re.findall(r"^\| `([a-z]+)` \|", PAGE.split("## What an outcome")[1].split("## Backup")[0], flags=re.MULTILINE)) == set(
        OUTCOMES
    )
