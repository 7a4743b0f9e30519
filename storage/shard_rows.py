"""The SQL by which rows of an attached database (``shard``) become rows of ours: words, addresses, captures, readings, under our keys."""

from __future__ import annotations

from collections.abc import Iterable

from storage.renditions import CODE as MISMATCH

REPORT = (
    *("text_sha256", "title", "organ", "organ_id", "year", "scope", "form", "region_code", "level", "published_on", "quality"),
    *("extraction", "format"),
)
RUN = ("command", "version", "started", "seconds", "requests", "bytes", "years")
RUN_PORTAL = ("outcome", "reason", "listed", "fetched", "new", "changed", "unchanged", "withdrawn", "rejected")
PORTAL = ("seen_on", "name", "region_code", "list_url", "family", "min_reports", "note", "seen_in")
REGION = ("valid_from", "name", "level", "parent", "valid_to", "source")
UNIT = "CASE WHEN v.unit IS NULL THEN c.unit ELSE (SELECT unit FROM shard.unit WHERE code = v.unit) END"


def _larger(old: str, columns: Iterable[str], known: str) -> str:
    """SQL: the row that comes says more than ours, which is a stub (``known`` does not hold of it), or the smaller of two that differ."""
    new, mine = (", ".join(f"coalesce({side}.{column}, '')" for column in columns) for side in ("excluded", old))
    return f"({known.format('excluded')}, {new}) > ({known.format(old)}, {mine})"


def _upsert(table: str, key: tuple[str, ...], columns: tuple[str, ...], source: str, known: str = "1") -> str:
    names = ", ".join((*key, *columns))
    sets = ", ".join(f"{column} = excluded.{column}" for column in columns)
    larger = _larger(table, columns, known)
    return f"INSERT INTO main.{table} ({names}) {source} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets} WHERE {larger}"


# What is the same for everybody who reads these reports: regions, portals, runs, and the words that rows carry as codes.
REFERENCE = (
    "INSERT OR IGNORE INTO main.region_names SELECT * FROM shard.region_names",
    _upsert("regions", ("code",), REGION, f"SELECT code, {', '.join(REGION)} FROM shard.regions WHERE 1", "{0}.name <> {0}.code"),
    _upsert("portals", ("id",), PORTAL, f"SELECT id, {', '.join(PORTAL)} FROM shard.portals WHERE 1", "{0}.name <> {0}.id"),
    f"""INSERT INTO main.runs (id, {", ".join(RUN)}) SELECT id, {", ".join(RUN)} FROM shard.runs WHERE 1 ON CONFLICT (id) DO UPDATE SET
    {", ".join(f"{c} = CASE WHEN excluded.{c} IS NULL OR {c} > excluded.{c} THEN {c} ELSE excluded.{c} END" for c in RUN)}""",
    "CREATE TEMP TABLE its_run AS SELECT s.key AS theirs, m.key AS mine FROM shard.runs s JOIN main.runs m ON m.id = s.id",
    _upsert(
        "run_portals",
        ("run", "portal_id"),
        RUN_PORTAL,
        f"SELECT mine, portal_id, {', '.join(RUN_PORTAL)} FROM shard.run_portals JOIN temp.its_run ON theirs = run WHERE 1",
    ),
    """INSERT INTO main.list_page SELECT * FROM shard.list_page WHERE 1 ON CONFLICT (portal_id, asked) DO UPDATE SET url = excluded.url,
    content_type = excluded.content_type, read_at = excluded.read_at, answer = excluded.answer
    WHERE (excluded.read_at, excluded.answer) > (list_page.read_at, list_page.answer)""",
    "INSERT OR IGNORE INTO main.unit (unit) SELECT unit FROM shard.unit WHERE unit IS NOT NULL ORDER BY code",
    "INSERT OR IGNORE INTO main.content_type (name) SELECT name FROM shard.content_type ORDER BY code",
    """INSERT OR IGNORE INTO main.cell (table_key, row_key, column_key, unit)
    SELECT table_key, row_key, column_key, unit FROM shard.cell ORDER BY code""",
    "INSERT OR IGNORE INTO main.check_place (check_id, at) SELECT check_id, at FROM shard.check_place ORDER BY code",
    """CREATE TEMP TABLE its_cell AS SELECT s.code AS theirs, m.code AS mine, m.unit FROM shard.cell s
    JOIN main.cell m USING (table_key, row_key, column_key)""",
    """CREATE TEMP TABLE its_place AS SELECT s.code AS theirs, m.code AS mine FROM shard.check_place s
    JOIN main.check_place m USING (check_id, at)""",
    "CREATE UNIQUE INDEX temp.its_cell_theirs ON its_cell (theirs)",
    "CREATE UNIQUE INDEX temp.its_place_theirs ON its_place (theirs)",
)
VISITS = (
    "INSERT OR IGNORE INTO main.visit (url) SELECT url FROM shard.visit ORDER BY key",
    """CREATE TEMP TABLE its_visit (theirs INTEGER PRIMARY KEY, mine INTEGER NOT NULL UNIQUE)""",
    "INSERT INTO its_visit SELECT s.key, m.key FROM shard.visit s JOIN main.visit m ON m.url = s.url",
)
# A capture of the same address, moment and bytes under the same record id is the same, in whichever file it lies.
SAME = """m.visit = v.mine AND m.fetched_at = c.fetched_at AND m.body_sha256 = c.body_sha256 AND m.record_id IS c.record_id"""
# Of a page that was no report no row tells the version that read it: the newest of the run that fetched it and of those that read again.
READ_BY = """SELECT c.key, c.report, coalesce(r.id, ''), c.rank, coalesce(c.format, ''), coalesce(c.recognised, 0), coalesce(k.url, ''),
    coalesce(r.extraction, (SELECT group_concat(version, ' ') FROM {0}.runs u WHERE u.key = c.run OR u.command IN ('replay', 'ingest')), '')
    FROM {0}.capture c LEFT JOIN {0}.report r ON r.key = c.report LEFT JOIN {0}.visit k ON k.key = c.carrier"""
SHOWN = """SELECT r.id, r.key, coalesce(r.extraction, ''), c.rank, u.url, c.fetched_at, lower(hex(c.body_sha256))
    FROM {0}.report r JOIN {0}.capture c ON c.key = r.capture JOIN {0}.visit u ON u.key = c.visit"""
READING = (
    f"SELECT {', '.join(column for column in REPORT if column != 'extraction')} FROM {{0}}.report WHERE key = ?",
    "SELECT text FROM {0}.report_text WHERE report = ?",
    """SELECT table_key, row_key, column_key, v.value, CASE WHEN v.unit IS NULL THEN c.unit ELSE u.unit END, v.printed, v.status, v.place
    FROM {0}.value v JOIN {0}.cell c ON c.code = v.cell LEFT JOIN {0}.unit u ON u.code = v.unit WHERE v.report = ? ORDER BY 1, 2, 3""",
    """SELECT check_id, at, left_value, right_value, outcome, if_blank_zero FROM {0}.check_result r
    JOIN {0}.check_place p ON p.code = r.place WHERE r.report = ? ORDER BY 1, 2""",
    "SELECT number, key, value, unit, section, sentence FROM {0}.prose_value WHERE report = ? ORDER BY number",
    f"""SELECT code, "where", message FROM {{0}}.issue WHERE report = ? AND code <> '{MISMATCH}' ORDER BY 1, 2, 3""",
)
CHILDREN = ("report_text", "value", "check_result", "prose_value", "issue")
WRITE_CHILDREN = (
    "INSERT INTO main.report_text SELECT t.mine, s.text FROM temp.taken t JOIN shard.report_text s ON s.report = t.theirs ORDER BY t.mine",
    f"""INSERT INTO main.value (report, cell, value, unit, printed, status, place)
    SELECT t.mine, i.mine, v.value, CASE WHEN v.unit IS NULL AND i.unit IS c.unit THEN NULL WHEN {UNIT} IS i.unit THEN NULL
    ELSE (SELECT code FROM main.unit WHERE unit IS {UNIT}) END, v.printed, v.status, v.place
    FROM temp.taken t CROSS JOIN shard.value v ON v.report = t.theirs JOIN shard.cell c ON c.code = v.cell
    JOIN temp.its_cell i ON i.theirs = v.cell ORDER BY t.mine""",
    """INSERT INTO main.check_result (report, place, left_value, right_value, outcome, if_blank_zero)
    SELECT t.mine, i.mine, c.left_value, c.right_value, c.outcome, c.if_blank_zero FROM temp.taken t
    CROSS JOIN shard.check_result c ON c.report = t.theirs JOIN temp.its_place i ON i.theirs = c.place ORDER BY t.mine""",
    """INSERT INTO main.prose_value (report, number, key, value, unit, section, sentence)
    SELECT t.mine, p.number, p.key, p.value, p.unit, p.section, p.sentence FROM temp.taken t
    CROSS JOIN shard.prose_value p ON p.report = t.theirs ORDER BY t.mine""",
    f"""INSERT INTO main.issue (report, code, "where", message, run) SELECT t.mine, i.code, i."where", i.message, u.mine
    FROM temp.taken t CROSS JOIN shard.issue i ON i.report = t.theirs LEFT JOIN temp.its_run u ON u.theirs = i.run
    WHERE i.code <> '{MISMATCH}' ORDER BY i.key""",
)
STATED = """UPDATE main.report AS r SET first_seen = min(r.first_seen, s.first_seen), last_seen = max(r.last_seen, s.last_seen),
    withdrawn_on = nullif(max(coalesce(r.withdrawn_on, ''), coalesce(s.withdrawn_on, '')), '')
    FROM shard.report s WHERE s.id = r.id AND (s.first_seen < r.first_seen OR s.last_seen > r.last_seen
    OR coalesce(s.withdrawn_on, '') > coalesce(r.withdrawn_on, '')) RETURNING key"""
# An address's newest body, and the validators it gave last, which may be others for the same body.
NEWEST = ", ".join(
    f"coalesce({column}, '')"
    for column in ("{0}.fetched_at", "hex({0}.body_sha256)", "{0}.record_id", "{1}.seen_at", "{1}.etag", "{1}.last_modified")
)
ANSWERS = f"""SELECT s.key, m.key, i.mine, {NEWEST.format("p", "m")}, {NEWEST.format("c", "s")}
    FROM shard.visit s JOIN temp.its_visit v ON v.theirs = s.key JOIN main.visit m ON m.key = v.mine
    LEFT JOIN main.capture p ON p.key = m.capture LEFT JOIN shard.capture c ON c.key = s.capture
    LEFT JOIN temp.its_capture i ON i.theirs = c.key"""
POINT = """UPDATE main.visit SET capture = ?2, etag = s.etag, last_modified = s.last_modified FROM shard.visit s
    WHERE main.visit.key = ?1 AND s.key = ?3"""
TOLD = """INSERT INTO main.issue (visit, code, "where", message, run) SELECT ?1, i.code, i."where", i.message, u.mine
    FROM shard.issue i LEFT JOIN temp.its_run u ON u.theirs = i.run WHERE i.visit = ?2 AND NOT EXISTS (SELECT 1 FROM main.issue k
    WHERE k.visit = ?1 AND k.code = i.code AND k."where" IS i."where" AND k.message IS i.message) ORDER BY i.key"""
SEEN = """UPDATE main.visit AS m SET carries = coalesce(m.carries, s.carries),
    seen_at = nullif(max(coalesce(m.seen_at, ''), coalesce(s.seen_at, '')), '')
    FROM temp.its_visit v JOIN shard.visit s ON s.key = v.theirs WHERE v.mine = m.key
    AND (s.seen_at > coalesce(m.seen_at, '') OR s.carries > coalesce(m.carries, 0)) RETURNING key"""
GONE_ON = "(SELECT min(gone_on) FROM main._gone g WHERE g.url = v.url AND g.gone_on > coalesce(v.seen_at, ''))"
GONE_AGAIN = f"""UPDATE main.visit AS v SET gone_on = {GONE_ON} WHERE v.url IN (SELECT url FROM main._gone) AND v.gone_on IS NOT {GONE_ON}
    RETURNING key"""
