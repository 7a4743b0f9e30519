"""``/-/capture/<id>``: what is known of an archived page, and the archived bytes themselves, shown so that they can do nothing."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from . import pointing, warc
from .inert import inert
from .kit import Row, Site

# In the published folder; not in metadata.json, which Datasette shows to everybody.
POINTER = "archive.txt"
SHOWN = {"html": "text/html", "text": "text/plain", "txt": "text/plain"}
CHARSET = re.compile(r"charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
# No script, no form, no frame, nothing fetched from anywhere: styles and pictures only when they are inside the page.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'; form-action 'none'; sandbox"
CELL = re.compile(r"(\w+)/([\w.]+)/(\w+)")


def archive(site: Site) -> Path | None:
    """The folder of the WARC files, when it is on this machine."""
    pointer = Path(site.database.path or "").with_name(POINTER)
    folder = Path(pointer.read_text("utf-8").strip()) if pointer.is_file() else None
    return folder if folder and folder.is_dir() else None


async def capture_page(request: Request, datasette: Datasette) -> Response:
    """What is known of one capture, and a frame with its bytes. Raises ``NotFound``."""
    site = Site(datasette, request)
    capture = await _capture(site)
    body, lost = await _body(site, capture)
    report = await site.row("SELECT id, title, year, organ, organ_id FROM reports WHERE id = :id", id=capture["report_id"])
    context: dict[str, Any] = {"capture": capture, "lost": lost, "report": report, "size": len(body.body) if body else None}
    context |= {"whole": body and body.whole, "framed": body and body.whole and capture["format"] in SHOWN, "came": await _came(site)}
    return await site.page("capture.html", **context)


async def source_page(request: Request, datasette: Datasette) -> Response:
    """From a report straight to the archived page that it is shown from. Raises ``NotFound``."""
    site, ident = Site(datasette, request), request.url_vars["id"]
    found = await site.row("SELECT capture_id FROM reports WHERE id = :id", id=ident)
    if found is None or found["capture_id"] is None:
        raise NotFound("No such report")
    return Response.redirect(datasette.urls.path(f"/-/capture/{found['capture_id']}?report={ident}"))


async def body_page(request: Request, datasette: Datasette) -> Response:
    """The archived bytes: HTML and text to be looked at in a sandbox, everything else to be saved. Raises ``NotFound``."""
    site = Site(datasette, request)
    capture = await _capture(site)
    found, lost = await _body(site, capture)
    if found is None:
        raise NotFound(f"Not in the archive: {lost}")
    kind = SHOWN.get(capture["format"] or "") if found.whole else None
    headers = {"Content-Security-Policy": ALONE, "Referrer-Policy": "no-referrer"}
    body = found.body
    if kind == "text/html" and not request.args.get("save"):
        body = await pointing.pointed(site, inert(body), await _came(site), capture["id"])
    if kind is None or request.args.get("save"):
        ending = (capture["format"] or "bin") if found.whole else "archive"
        headers["Content-Disposition"] = f'attachment; filename="capture-{capture["id"]}.{re.sub("[^a-z0-9]", "", ending)}"'
        kind = kind or "application/octet-stream"
    charset = CHARSET.search(capture["content_type"] or "")
    sent = f"{kind}; charset={charset[1]}" if charset and kind.startswith("text/") else kind
    return Response(body, headers=headers, content_type=sent)


async def _capture(site: Site) -> Row:
    assert site.request is not None
    found = await site.row("SELECT * FROM captures WHERE id = :id", id=int(site.request.url_vars["id"]))
    if found is None:
        raise NotFound("No such capture")
    return found


async def _body(site: Site, capture: Row) -> tuple[warc.Body | None, str]:
    folder = archive(site)
    if folder is None:
        return None, "存档文件不在本服务器上 / the archive of pages is not on this server"
    place = (folder, capture["warc_file"] or "", capture["warc_offset"] or 0, capture["body_sha256"] or "")
    try:
        return await asyncio.get_running_loop().run_in_executor(None, warc.read, *place), ""
    except warc.Lost as lost:
        return None, str(lost)


async def _came(site: Site) -> Row | None:
    """The figure that the reader followed to here."""
    cell = CELL.fullmatch(site.word("of"))
    if cell is None:
        return None
    return await site.row(
        """SELECT * FROM figures WHERE report_id = :id AND table_key = :t AND row_key = :r AND column_key = :c""",
        id=site.word("report"),
        t=cell[1],
        r=cell[2],
        c=cell[3],
    )
