"""List pages that a run finished, kept until the run ends: a run that was killed goes on from them instead of asking for them again."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from storage.database import Database

TABLES: dict[str, str] = {
    # ``asked``: method, address and body of the request. ``answer``: the body as it came, deflated.
    "list_page": """CREATE TABLE list_page (
        portal_id TEXT NOT NULL, asked TEXT NOT NULL, url TEXT NOT NULL, content_type TEXT, read_at TEXT NOT NULL, answer BLOB NOT NULL,
        PRIMARY KEY (portal_id, asked))""",
}


class ListPage(NamedTuple):
    """A page of a list as it came: where it was found, and when it was read (UTC ISO 8601)."""

    url: str
    content_type: str
    read_at: str
    body: bytes


def keep(database: Database, portal_id: str, asked: str, page: ListPage) -> None:
    """The page was read: from now on the run does not need it again, wherever it is killed."""
    with database.writing() as connection:
        row = (portal_id, asked, page.url, page.content_type, page.read_at, zlib.compress(page.body, 1))
        connection.execute("INSERT OR REPLACE INTO list_page VALUES (?, ?, ?, ?, ?, ?)", row)
    database.commit()


def kept(database: Database, portal_id: str, since: str) -> dict[str, ListPage]:
    """asked -> page, of the pages that a run read after ``since`` and did not come to its end."""
    read = "SELECT asked, url, content_type, read_at, answer FROM list_page WHERE portal_id = ? AND read_at > ?"
    rows = database.connection.execute(read, (portal_id, since)).fetchall()
    return {asked: ListPage(url, content_type, at, zlib.decompress(body)) for asked, url, content_type, at, body in rows}
