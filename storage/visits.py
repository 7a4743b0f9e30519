"""What each URL last answered: the record, and the queries that read it and note that it answered so again."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.items import Capture
from storage import schema


@dataclass(frozen=True, slots=True)
class Visit:
    """What a URL last answered. ``report_id`` is empty when its latest body is no report we could read.

    ``known_whole``: when it answers the same again, nothing can be new there. It, or a member of the archive of files that it is, was
    read as a report, and it carries no attachments: those are found on the page, and may change when it does not. ``gone``: it answered
    404 or 410 since; what comes back is asked for whole and kept anew, so that the archive tells the return too.
    """

    url: str
    etag: str
    last_modified: str
    body_sha256: str
    report_id: str
    seen_at: str
    capture: Capture
    known_whole: bool = False
    gone: bool = False


# What a URL answers: the text ``h`` that was read there, and the row ``r`` of the report that it is a rendition of, as a rule itself.
ANSWERED = """FROM visit v JOIN capture c ON c.key = v.capture JOIN report h ON h.key = c.report
    JOIN report r ON r.key = coalesce(h.rendition_of, h.key)"""
SEEN_AT = """UPDATE visit SET seen_at = max(coalesce(seen_at, ''), :at), gone_on = CASE WHEN gone_on > :at THEN gone_on END
    WHERE url = :url"""
# A record of the archive holds one page, or an archive of files with a page for each member.
OF_RECORD = """SELECT DISTINCT h.key, coalesce(h.rendition_of, h.key) FROM visit v JOIN capture c ON c.visit = v.key
    JOIN report h ON h.key = c.report WHERE (v.url = :url OR (v.url > :url || '#' AND v.url < :url || '$')) AND c.record_id = :record"""
# Two addresses with one report: the same, or a revision that came with the new address.
MOVED = f"""SELECT 1 FROM (SELECT r.* {ANSWERED} WHERE v.url = :url) one JOIN (SELECT r.* {ANSWERED} WHERE v.url = :to) other
    ON one.key = other.key OR (one.organ_id, one.year, one.scope) = (other.organ_id, other.year, other.scope)"""
INSIDE = "m.url > v.url || '#' AND m.url < v.url || '$'"
VISIT = f"""SELECT v.etag, v.last_modified, lower(hex(c.body_sha256)), {schema.ID}, v.seen_at, w.name, c.warc_offset, c.record_id,
    v.gone_on IS NULL AND v.carries IS NULL
    AND NOT EXISTS (SELECT 1 FROM capture k JOIN visit m ON m.key = k.visit WHERE k.carrier = v.key AND NOT ({INSIDE})) AND
    CASE WHEN c.report IS NOT NULL THEN 1
    ELSE EXISTS (SELECT 1 FROM visit m JOIN capture k ON k.key = m.capture WHERE {INSIDE} AND k.report IS NOT NULL) END,
    v.gone_on IS NOT NULL
    FROM visit v JOIN capture c ON c.key = v.capture LEFT JOIN report h ON h.key = c.report
    LEFT JOIN report r ON r.key = coalesce(h.rendition_of, h.key) LEFT JOIN warc_file w ON w.code = c.warc_file WHERE v.url = ?"""
