"""The site as plain files: every page that needs no database is asked for once, in process, and its links lead to files."""

from __future__ import annotations

import asyncio
import json
import os
import posixpath
import re
import sqlite3
from collections import deque
from contextlib import closing
from html import escape
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin, urlsplit

from harvester.errors import StorageError
from storage import publish, replacing

NOTE = "dynamic.html"  # where everything leads that is computed when it is asked for
MOST = 50_000  # reports: more are more files than a web host takes gladly, and hours of work
# Pages whose address says all of what they show. One that is not there in this version leads to the note.
PAGE = re.compile(r"/|/-/(?:report|organ|region|capture|dashboard)/[\w-]+|/-/(?:ledger|about|dictionary)")
ASSET = re.compile(r"/(?:assets|-/static|-/static-plugins/[\w-]+)/[\w./-]+\.(?:css|js|svg|png|ico|woff2)")
SITE = "http://static.invalid"
PAGE_OF_OURS = """<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><h1>{title}</h1>{body}
<p><a href="{home}">首页 / Home</a></p></body></html>
"""
WORDS = """<p>这是静态副本：检索、筛选、SQL 和下载须有数据库，此处没有。请用 Datasette 打开发布的数据库。</p>
<p>This is a static copy: search, filters, SQL and downloads are computed from the database, which is not here. Open the published
database in Datasette for them.</p>"""


def write(db: Path, out: Path) -> str:
    """Writes the site of the database ``db`` as files into ``out``, which stands whole or not at all; one line tells what is in it.

    Raises :class:`StorageError` for more than :data:`MOST` reports, and when ``out`` holds something else.
    """
    replacing.refuse_strangers(out, NOTE)
    with TemporaryDirectory() as work, replacing.whole(out, strangers=False) as folder:
        publish.publish(db, Path(work) / "site")
        with closing(sqlite3.connect(Path(work) / "site" / f"{publish.NAME}.db")) as connection:
            years = _lists(connection, folder)
            seeds = [f"/-/report/{report_id}" for (report_id,) in connection.execute("SELECT id FROM reports ORDER BY id")]
        if len(seeds) > MOST:
            raise StorageError(f"{len(seeds):,} reports are too many for static pages (at most {MOST:,}): publish the folder for Datasette")
        lists = "".join(f'<li><a href="{name}">{escape(title)}</a></li>' for name, title in years)
        told = f"{WORDS}<h2>年度报告 / Reports</h2><ul>{lists}</ul>"
        (folder / NOTE).write_text(_of_ours("静态副本 / Static copy", told), "utf-8")
        pages = asyncio.run(_walk(Path(work) / "site", folder, ["/", *seeds]))
    return f"{out}: {pages:,} static pages of {len(seeds):,} reports; search, filters and SQL need the published folder"


def _lists(connection: sqlite3.Connection, folder: Path) -> list[tuple[str, str]]:
    """A page a year with the reports of it: (file, title)."""
    made = []
    for (year,) in connection.execute("SELECT DISTINCT year FROM reports ORDER BY year").fetchall():
        name, title = (f"reports-{year}.html", f"{year} 年度 / {year}") if year else ("reports.html", "年度不详 / Year unknown")
        found = connection.execute(
            "SELECT id, organ, title, superseded_by FROM reports WHERE year IS ? ORDER BY region_code, organ, id", (year,)
        )
        lines = "".join(_line(*row) for row in found)
        (folder / name).write_text(_of_ours(title, f"<ul>{lines}</ul>"), "utf-8")
        made.append((name, title))
    return made


def _line(report_id: str, organ: str | None, title: str | None, superseded_by: str | None) -> str:
    older = "（已有新版 / replaced）" if superseded_by else ""
    return f'<li>{escape(organ or "")} <a href="report/{report_id}.html">{escape(title or report_id)}</a>{older}</li>'


async def _walk(site: Path, folder: Path, seeds: list[str]) -> int:
    """Asks for every page that can be reached from ``seeds`` and writes it; how many there were."""
    served = datasette(site)
    await served.invoke_startup()
    waiting, known, pages = deque(seeds), set(seeds), 0
    while waiting:
        address = waiting.popleft()
        answer = await served.client.get(address)
        if answer.status_code not in (200, 404):
            raise StorageError(f"{address}: the site answers {answer.status_code}, so its static copy would not be whole")
        content, found = answer.content, list[str]()
        if PAGE.fullmatch(address):
            pages += 1
            content, found = _as_file(answer.text, address) if answer.status_code == 200 else (_absent(address), [])
        target = folder / file_of(address)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        new = [one for one in dict.fromkeys(found) if one not in known]
        known.update(new)
        waiting.extend(new)
    return pages


def datasette(site: Path) -> Any:
    """Datasette on a published folder, with what it would be given on the command line."""
    from datasette.app import Datasette

    arguments = publish.serve_args(site, 1)
    given = {name: value for name, value in pairwise(arguments) if name.startswith("--") and name != "--setting"}
    settings = {arguments[place + 1]: arguments[place + 2] for place, name in enumerate(arguments) if name == "--setting"}
    return Datasette(
        immutables=[given["--immutable"]],
        inspect_data=json.loads(Path(counts).read_text("utf-8")) if (counts := given.get("--inspect-file")) else None,
        metadata=json.loads(Path(given["--metadata"]).read_text("utf-8")),
        plugins_dir=given["--plugins-dir"],
        template_dir=given["--template-dir"],
        static_mounts=[tuple(given["--static"].split(":", 1))],
        settings={name: int(value) if value.isdigit() else value == "on" for name, value in settings.items()},
    )


def file_of(address: str) -> str:
    """Where the page or asset at ``address`` lies in the folder."""
    name = address.strip("/").removeprefix("-/")
    return name if ASSET.fullmatch(address) else f"{name or 'index'}.html"


def _absent(address: str) -> bytes:
    folder = posixpath.dirname(file_of(address)) or "."
    body = f'<p><a href="{os.path.relpath(NOTE, folder)}">静态副本 / Static copy</a></p>'
    return _of_ours("静态副本 / Static copy", body, os.path.relpath("index.html", folder)).encode()


def _of_ours(title: str, body: str, home: str = "index.html") -> str:
    return PAGE_OF_OURS.format(title=title, body=body, home=home)


def _as_file(html: str, address: str) -> tuple[bytes, list[str]]:
    """The page with links that lead to files, and the addresses it links to."""
    from selectolax.lexbor import LexborHTMLParser

    page, found = LexborHTMLParser(html), []
    for node in page.css('link[rel="alternate"]'):
        node.decompose()
    for name in ("href", "src", "action"):
        for node in page.css(f"[{name}]"):
            link, target = _link(node.attributes[name] or "", address)
            node.attrs[name] = link
            found += target
    text = page.html or ""
    if address == "/":
        text = text.replace(
            "</body>", f'<p style="padding:0 1rem"><a href="{NOTE}">静态副本：年度报告一览 / Static copy: all reports</a></p></body>'
        )
    return text.encode(), found


def _link(link: str, address: str) -> tuple[str, list[str]]:
    """``link`` on the page at ``address`` as a file's, and the address to walk to, if any. What leads elsewhere stays as it is."""
    if link.startswith("#"):
        return link, []
    target = urlsplit(urljoin(SITE + address, link))
    if f"{target.scheme}://{target.netloc}" != SITE:
        return link, []
    asset = ASSET.fullmatch(target.path)  # its query is a version, which a file does not have
    wanted = bool(asset or (PAGE.fullmatch(target.path) and not target.query))
    file = os.path.relpath(file_of(target.path) if wanted else NOTE, posixpath.dirname(file_of(address)) or ".")
    return f"{file}#{target.fragment}" if wanted and target.fragment else file, [target.path] if wanted else []
