"""Under the roof of the command line: every error becomes one line on stderr and an exit status, none a traceback."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from harvester.errors import HarvesterError, UsageError


def guard(command: click.Command, arguments: Sequence[str]) -> int:
    """Exit status of ``command`` with ``arguments``: its own, 2 for wrong usage, 1 for everything else that goes wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show Chinese shows escapes instead of ending the run
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(command.main(list(arguments), prog_name="harvester", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        return failed(error.format_message(), 2)
    except click.UsageError as error:
        place = error.ctx.command_path if error.ctx else "harvester"
        return failed(f"harvester: {error.format_message()} ({place} --help shows the usage)", 2)
    except (UsageError, click.ClickException) as error:
        return failed(f"harvester: {error}", 2)
    except HarvesterError as error:
        return failed(f"harvester: {error}", 1)
    except (KeyboardInterrupt, click.Abort):
        return failed("harvester: interrupted; what was finished is kept, the same command goes on from there", 1)
    except BrokenPipeError:
        # The reader (head, less) went away: nobody is left to tell, and Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the roof: whatever comes here is a defect of ours, written down whole and told in one line
        return failed(f"harvester: a defect of the harvester ({type(error).__name__}: {error}); the details are in {written_down()}", 1)


def failed(line: str, status: int) -> int:
    """``status``, after ``line`` was told on stderr."""
    click.echo(line, err=True)
    return status


def written_down() -> Path:
    """The traceback of the error at hand, in a file; returns its path."""
    log = Path(tempfile.gettempdir()) / f"harvester-defect-{os.getpid()}.log"
    log.write_text(traceback.format_exc(), encoding="utf-8")
    return log
