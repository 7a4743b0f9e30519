"""Old and other office files (doc, wps, rtf, odt, ods, xlsb): LibreOffice writes them anew as docx or xlsx, which our own readers read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from tenacity import retry, retry_if_exception_type, stop_after_attempt

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document
from harvester.readers import fields, ole, sheet, sniff, word

PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice", "/usr/lib/libreoffice/program/soffice")
SPREADSHEETS = ("ods", "xlsb")  # the others are texts
SECONDS = 60  # a report takes one or two; the largest that is read, ten
TRIES = 3
MEMORY_KB, FILE_BLOCKS = 4_000_000, 400_000  # what a document may take before the system ends the program; a block has 512 bytes
# The processor's seconds end the program too where this process is itself ended before it can do so.
LIMITS = (f"-v {MEMORY_KB}", f"-f {FILE_BLOCKS}", f"-t {2 * SECONDS}", "-c 0")
LIMITED = "".join(f"ulimit {limit} 2>/dev/null; " for limit in LIMITS) + 'exec "$@"'
LOCKED = 0x0100  # flag in the head of Word's stream ([MS-DOC] 2.5.2): it has a password
FLAGS = ("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard")
# A profile made for one document: no macro runs whoever signed it, no link is followed, and the network is a port where nobody listens.
SETTINGS: dict[str, dict[str, str | int]] = {
    "Office.Common/Security/Scripting": {
        "MacroSecurityLevel": 3,
        "DisableMacrosExecution": "true",
        "DisableActiveContent": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "Office.Common/Misc": {"FirstRun": "false"},
    "Office.Writer/Content/Update": {"Link": 0, "Field": "false"},
    "Office.Calc/Content/Update": {"Link": 2},
    "Inet/Settings": {
        "ooInetProxyType": 1,
        **{f"ooInet{name}ProxyName": "127.0.0.1" for name in ("HTTP", "HTTPS", "FTP")},
        **{f"ooInet{name}ProxyPort": 9 for name in ("HTTP", "HTTPS", "FTP")},
        "ooInetNoProxy": "",
    },
}
ONE_AT_A_TIME = threading.Lock()


class Failed(Exception):
    """LibreOffice ended without a word and without a file, as it does now and then; a second try succeeds."""


def read(body: bytes) -> Document:
    """Document of an old Word file, WPS's, rich text or OpenDocument.

    Raises :class:`NotSupported` where LibreOffice is not installed, :class:`Unreadable` for a file that is damaged or has a password.
    """
    name = sniff.format_of(body)
    if name == "doc" and int.from_bytes(ole.stream(body, "WordDocument")[10:12], "little") & LOCKED:
        raise Unreadable("the document has a password; the bytes are kept")
    program = next((found for one in PROGRAMS if (found := shutil.which(one))), None)
    if program is None:
        packages = "libreoffice-calc" if name in SPREADSHEETS else "libreoffice-writer"
        raise NotSupported(f"reading {name} files needs LibreOffice: apt-get install {packages}; the bytes are kept")
    with ONE_AT_A_TIME:
        converted = _converted(program, body, name)
    document = sheet.read(converted) if name in SPREADSHEETS else word.read(converted)
    document.format = name
    return document


@retry(retry=retry_if_exception_type(Failed), stop=stop_after_attempt(TRIES), retry_error_callback=lambda state: _give_up())
def _converted(program: str, body: bytes, name: str) -> bytes:
    """The bytes of the docx or xlsx. Everything LibreOffice writes is in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="harvester-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "profile" / "user").mkdir(parents=True)
        (home / "profile" / "user" / "registrymodifications.xcu").write_text(_settings(), "utf-8")
        source = home / f"document.{name}"
        source.write_bytes(fields.kept(body, name))
        wanted = "xlsx:Calc MS Excel 2007 XML" if name in SPREADSHEETS else "docx:MS Word 2007 XML"
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        command = [program, profile, *FLAGS, "--convert-to", wanted, "--outdir", str(home / "made"), str(source)]
        told = _run(command, home)
        made = home / "made" / f"document.{wanted[:4]}"
        if made.is_file():
            return made.read_bytes()
        if "could not be loaded" in told:
            raise Unreadable("LibreOffice cannot read the document: it is damaged, or has a password")
        raise Failed


def _run(command: list[str], home: Path) -> str:
    """What the program says. It and all it starts are ended after :data:`SECONDS`, which raises :class:`Unreadable`."""
    environment = {"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
    said = home / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", LIMITED, "sh", *command],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Unreadable(f"LibreOffice did not come to an end within {SECONDS} seconds") from error
        finally:
            # The program is a script that starts another, which starts the one that works: all of them are one group.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    return said.read_text("utf-8", "replace")


def _give_up() -> bytes:
    raise Unreadable(f"LibreOffice ended {TRIES} times without a document: it may be damaged")


def _settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in SETTINGS.items()
        for name, value in values.items()
    )
    head = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {head}>{items}</oor:items>'
