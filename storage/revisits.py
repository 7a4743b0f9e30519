"""WARC records that say "the same as before": written for what did not change, and read back as the page they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastwarc.warc import WarcRecord, WarcRecordType

from harvester.items import Capture, Page
from storage import records

# WARC 1.1, annex on revisits: the server said so (304), or it sent the bytes that are kept already.
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
Key = tuple[str, ...]


def record(page: Page, original: Capture) -> bytes:
    """The record of an answer that brought nothing new: what it refers to, and the headers of a 200, without a body; one gzip member.

    Of a 304 the profile says all there is: pywb replays a record with its headers as an empty 304, one without them as the page.
    ``page`` is the answer (a 304, or a 200 with the body of ``original``), ``original`` the capture that holds the body of its address.
    """
    made = WarcRecord()
    made.init_headers(WarcRecordType.revisit)
    made.headers["WARC-Date"] = page.fetched_at
    made.headers["Content-Type"] = "application/http; msgtype=response"
    made.headers["WARC-Target-URI"] = page.url
    made.headers["WARC-Profile"] = NOT_MODIFIED if page.status == 304 else SAME_PAYLOAD
    made.headers["WARC-Refers-To"] = original.record_id
    made.headers["WARC-Refers-To-Target-URI"] = page.url
    made.headers["WARC-Payload-Digest"] = f"sha256:{original.body_sha256}"
    made.set_bytes_content(b"" if page.status == 304 else records.http_head(page))
    return records.packed(made)


class Revisit(NamedTuple):
    """What a revisit record says: this address gave at this moment what another record holds. ``keys`` name that one, the surest first."""

    url: str
    at: str
    keys: tuple[Key, ...]

    @property
    def refers_to(self) -> str:
        """The record it names by its id, "" when it names none so."""
        return next((key[1] for key in self.keys if key[0] == "id"), "")


def read(found: WarcRecord) -> Revisit:
    """The revisit that a record tells."""
    headers = found.headers
    url = (headers.get("WARC-Target-URI") or "").strip("<>")
    uri = (headers.get("WARC-Refers-To-Target-URI") or url).strip("<>")
    return Revisit(
        url, records.seconds(headers.get("WARC-Date") or ""), tuple(_keys(headers, "WARC-Refers-To", uri, "WARC-Refers-To-Date"))
    )


def keys_of(found: WarcRecord) -> Iterator[Key]:
    """The names under which revisits may refer to a record."""
    return _keys(found.headers, "WARC-Record-ID", (found.headers.get("WARC-Target-URI") or "").strip("<>"), "WARC-Date")


def _keys(headers: Any, identity: str, uri: str, date: str) -> Iterator[Key]:
    if ident := headers.get(identity):
        yield ("id", ident)
    if at := headers.get(date):
        yield ("place", uri, records.seconds(at))
    if digest := headers.get("WARC-Payload-Digest"):
        yield ("digest", digest.lower())
