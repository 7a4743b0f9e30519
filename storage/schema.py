"""What rests where: narrow tables with small integer codes, and the views by the names users script against, all as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# "HVST": tells our files from any other SQLite file.
APPLICATION_ID = 0x48565354

STATUS = ("printed", "blank", "absent", "doubtful")
OUTCOMES = ("pass", "fail", "unknown")
NO_UNIT = 0  # code of a figure that has no unit although its cell usually has one

# Foreign keys are deferred: a report names the capture it is shown from, and that capture names the report.
LATER = "DEFERRABLE INITIALLY DEFERRED"

TABLES: dict[str, str] = {
    "regions": f"""CREATE TABLE regions (
        code TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT, parent TEXT REFERENCES regions(code) {LATER},
        valid_from TEXT, valid_to TEXT, source TEXT) WITHOUT ROWID""",
    # A code outlives a name (130502 was 桥东区 before it was 襄都区): every name it had, beside the one row a code that others refer to.
    "region_names": """CREATE TABLE region_names (
        code TEXT NOT NULL, name TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT, source TEXT,
        PRIMARY KEY (code, valid_from, name)) WITHOUT ROWID""",
    "portals": f"""CREATE TABLE portals (
        id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', region_code TEXT REFERENCES regions(code) {LATER}, list_url TEXT,
        family TEXT, min_reports INTEGER, note TEXT, seen_in TEXT, seen_on TEXT) WITHOUT ROWID""",
    "organs": f"""CREATE TABLE organs (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, region_code TEXT REFERENCES regions(code) {LATER}, level TEXT) WITHOUT ROWID""",
    "runs": """CREATE TABLE runs (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, command TEXT, version TEXT, started TEXT, seconds REAL,
        requests INTEGER, bytes INTEGER)""",
    "run_portals": f"""CREATE TABLE run_portals (
        run INTEGER NOT NULL REFERENCES runs(key) {LATER}, portal_id TEXT NOT NULL, outcome TEXT, reason TEXT, listed INTEGER,
        fetched INTEGER, new INTEGER, changed INTEGER, unchanged INTEGER, withdrawn INTEGER, rejected INTEGER,
        PRIMARY KEY (run, portal_id)) WITHOUT ROWID""",
    "labels": """CREATE TABLE labels (
        kind TEXT NOT NULL, key TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL, description_zh TEXT, description_en TEXT, unit TEXT,
        PRIMARY KEY (kind, key)) WITHOUT ROWID""",
    # Dictionaries: each word is stored once and rows carry its code.
    "unit": "CREATE TABLE unit (code INTEGER PRIMARY KEY, unit TEXT UNIQUE)",
    "content_type": "CREATE TABLE content_type (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "warc_file": "CREATE TABLE warc_file (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "cell": """CREATE TABLE cell (
        code INTEGER PRIMARY KEY, table_key TEXT NOT NULL, row_key TEXT NOT NULL, column_key TEXT NOT NULL, unit TEXT,
        UNIQUE (table_key, row_key, column_key))""",
    "check_place": "CREATE TABLE check_place (code INTEGER PRIMARY KEY, check_id TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (check_id, at))",
    # What a URL last answered. ``capture`` is its latest body; ``gone_on``: the URL no longer answers with a page.
    "visit": f"""CREATE TABLE visit (
        key INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, etag TEXT, last_modified TEXT, seen_at TEXT, gone_on TEXT,
        capture INTEGER REFERENCES capture(key) {LATER})""",
    "capture": f"""CREATE TABLE capture (
        key INTEGER PRIMARY KEY, visit INTEGER NOT NULL REFERENCES visit(key) {LATER}, fetched_at TEXT NOT NULL, http_status INTEGER,
        content_type INTEGER REFERENCES content_type(code) {LATER}, body_sha256 BLOB NOT NULL,
        warc_file INTEGER REFERENCES warc_file(code) {LATER}, warc_offset INTEGER, record_id TEXT,
        report INTEGER REFERENCES report(key) {LATER}, run INTEGER REFERENCES runs(key) {LATER},
        portal_id TEXT REFERENCES portals(id) {LATER}, rank INTEGER NOT NULL)""",
    "report": f"""CREATE TABLE report (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text_sha256 BLOB NOT NULL, title TEXT, organ TEXT,
        organ_id TEXT REFERENCES organs(id) {LATER}, year INTEGER, scope TEXT, form TEXT, region_code TEXT REFERENCES regions(code) {LATER},
        level TEXT, published_on TEXT, quality TEXT, first_seen TEXT, last_seen TEXT, withdrawn_on TEXT,
        superseded_by INTEGER REFERENCES report(key) {LATER}, capture INTEGER REFERENCES capture(key) {LATER}, extraction TEXT)""",
    # Texts lie apart: counting reports by year must not read 7 KB a row.
    "report_text": f"""CREATE TABLE report_text (
        report INTEGER PRIMARY KEY REFERENCES report(key) ON DELETE CASCADE {LATER}, text TEXT NOT NULL)""",
    # printed is null when it is the plain print of value; unit is null when it is the cell's; place packs table, row and column.
    "value": f"""CREATE TABLE value (
        report INTEGER NOT NULL REFERENCES report(key) ON DELETE CASCADE {LATER}, cell INTEGER NOT NULL, value, unit INTEGER, printed TEXT,
        status INTEGER NOT NULL, place INTEGER, PRIMARY KEY (report, cell)) WITHOUT ROWID""",
    "check_result": f"""CREATE TABLE check_result (
        report INTEGER NOT NULL REFERENCES report(key) ON DELETE CASCADE {LATER}, place INTEGER NOT NULL, left_value, right_value,
        outcome INTEGER NOT NULL, if_blank_zero INTEGER, PRIMARY KEY (report, place)) WITHOUT ROWID""",
    "prose_value": f"""CREATE TABLE prose_value (
        report INTEGER NOT NULL REFERENCES report(key) ON DELETE CASCADE {LATER}, number INTEGER NOT NULL, key TEXT NOT NULL,
        value, unit TEXT, section TEXT, sentence TEXT, PRIMARY KEY (report, number)) WITHOUT ROWID""",
    "issue": f"""CREATE TABLE issue (
        key INTEGER PRIMARY KEY, report INTEGER REFERENCES report(key) ON DELETE CASCADE {LATER},
        visit INTEGER REFERENCES visit(key) {LATER}, code TEXT NOT NULL, "where" TEXT, message TEXT,
        run INTEGER REFERENCES runs(key) {LATER})""",
}

INDEXES: dict[str, str] = {
    "capture_visit": "CREATE INDEX capture_visit ON capture(visit)",
    "capture_report": "CREATE INDEX capture_report ON capture(report)",
    "capture_place": "CREATE UNIQUE INDEX capture_place ON capture(warc_file, warc_offset)",
    "report_text_sha256": "CREATE INDEX report_text_sha256 ON report(text_sha256)",
    "report_year": "CREATE INDEX report_year ON report(year)",
    "report_organ": "CREATE INDEX report_organ ON report(organ_id)",
    "issue_report": "CREATE INDEX issue_report ON issue(report) WHERE report IS NOT NULL",
    "issue_visit": "CREATE INDEX issue_visit ON issue(visit) WHERE visit IS NOT NULL",
}


# Added to tables of the first version: (table, column) -> its type. ``format``: what the bytes were; ``recognised``: as characters of a
# picture; ``carrier``: the page that carries an attachment. A text that is one of several renditions of a report is no report of its own:
# ``rendition_of`` is the row that shows it; that row has the id of the rendition that was fetched first, ``named`` when it is not its own.
COLUMNS: dict[tuple[str, str], str] = {
    ("capture", "format"): "TEXT",
    ("capture", "recognised"): "INTEGER",
    ("capture", "carrier"): f"INTEGER REFERENCES visit(key) {LATER}",
    ("report", "rendition_of"): f"INTEGER REFERENCES report(key) {LATER}",
    ("report", "named"): "TEXT",
    ("report", "format"): "TEXT",  # of what is shown, when that is not HTML: for nearly all there is nothing to store or to look through
}
MORE_INDEXES: dict[str, str] = {
    # The members of an archive of files lie in one record.
    "capture_place": "CREATE UNIQUE INDEX capture_place ON capture(warc_file, warc_offset, visit)",
    "capture_carrier": "CREATE INDEX capture_carrier ON capture(carrier) WHERE carrier IS NOT NULL",
    "report_rendition": "CREATE INDEX report_rendition ON report(rendition_of) WHERE rendition_of IS NOT NULL",
    "report_other": "CREATE INDEX report_other ON report(organ_id, year, scope) WHERE format IS NOT NULL",
    "report_public": "CREATE INDEX report_public ON report(coalesce(named, id))",
}


def named(codes: Iterable[str], column: str) -> str:
    """SQL that turns the small integer in ``column`` into its name."""
    return f"CASE {column} " + " ".join(f"WHEN {code} THEN '{name}'" for code, name in enumerate(codes)) + " END"


def seen(end: str, least: str) -> str:
    """SQL of ``first_seen`` or ``last_seen`` of a report and its renditions."""
    others = f"SELECT {least}({end}_seen) FROM report WHERE rendition_of = r.key"
    return f"{least}(r.{end}_seen, coalesce(({others}), r.{end}_seen)) AS {end}_seen"


PLACES = {"table": "f.place >> 20", "row": "(f.place >> 8) & 4095", "column": "f.place & 255"}
REGION = "(SELECT name FROM regions WHERE code = r.region_code)"
ID = "coalesce(r.named, r.id)"
SHOWN = "r.rendition_of IS NULL"
PROVINCE_CODE = "substr(r.region_code, 1, 2) || '0000'"
PROVINCE = f"(SELECT name FROM regions WHERE code = {PROVINCE_CODE})"

# Sub-selects, not joins: SQLite leaves out those a query does not ask for, so counting reports reads neither texts nor captures.
VIEWS: dict[str, str] = {
    "reports": f"""SELECT {ID} AS id, r.title, r.organ, r.organ_id, (SELECT portal_id FROM capture WHERE key = r.capture) AS portal_id,
        r.year, r.scope, r.form, r.region_code, {REGION} AS region, {PROVINCE_CODE} AS province_code, {PROVINCE} AS province,
        r.level, r.published_on, (SELECT v.url FROM capture c JOIN visit v ON v.key = c.visit WHERE c.key = r.capture) AS url,
        r.quality, {seen("first", "min")}, {seen("last", "max")}, r.withdrawn_on,
        (SELECT coalesce(named, id) FROM report WHERE key = r.superseded_by) AS superseded_by,
        r.capture AS capture_id, r.extraction, lower(hex(r.text_sha256)) AS text_sha256, r.key,
        (SELECT text FROM report_text WHERE report = r.key) AS text FROM report r WHERE {SHOWN}""",
    "captures": f"""SELECT c.key AS id, v.url, c.fetched_at, c.http_status, t.name AS content_type,
        lower(hex(c.body_sha256)) AS body_sha256, w.name AS warc_file, c.warc_offset,
        {ID} AS report_id, u.id AS run_id, c.portal_id, c.record_id,
        c.format, c.recognised, (SELECT url FROM visit WHERE key = c.carrier) AS carrier
        FROM capture c JOIN visit v ON v.key = c.visit LEFT JOIN content_type t ON t.code = c.content_type
        LEFT JOIN warc_file w ON w.code = c.warc_file LEFT JOIN report h ON h.key = c.report
        LEFT JOIN report r ON r.key = coalesce(h.rendition_of, h.key) LEFT JOIN runs u ON u.key = c.run""",
    "figures": f"""SELECT {ID} AS report_id, k.table_key, k.row_key, k.column_key, f.value,
        CASE WHEN f.unit IS NULL THEN k.unit ELSE u.unit END AS unit,
        CASE WHEN f.status = 2 THEN NULL ELSE coalesce(f.printed, CAST(f.value AS TEXT), '') END AS printed,
        {named(STATUS, "f.status")} AS status, r.capture AS capture_id,
        {", ".join(f"{sql} AS source_{name}" for name, sql in PLACES.items())}
        FROM value f JOIN report r ON r.key = f.report JOIN cell k ON k.code = f.cell LEFT JOIN unit u ON u.code = f.unit
        WHERE {SHOWN}""",
    "issues": f"""SELECT {ID} AS report_id, v.url, i.code, i."where", i.message, u.id AS run_id
        FROM issue i LEFT JOIN report r ON r.key = i.report LEFT JOIN visit v ON v.key = i.visit LEFT JOIN runs u ON u.key = i.run
        WHERE {SHOWN}""",
    "prose": f"""SELECT {ID} AS report_id, o.key, o.value, o.unit, o.section, o.sentence
        FROM prose_value o JOIN report r ON r.key = o.report WHERE {SHOWN}""",
}

WIDE_HEAD = f"""{ID} AS report_id, r.organ, r.organ_id, r.year, r.scope, r.form, r.region_code, {REGION} AS region,
    {PROVINCE} AS province, r.level, r.quality"""
WIDE_TAIL = "FROM report r WHERE r.superseded_by IS NULL"
# view -> the table it spreads out, and the one column of it that is wanted ("" for all)
WIDE = {"proactive": ("table_2", ""), "requests": ("table_3", "total"), "disputes": ("table_4", "")}


def wide_columns(view: str, cells: Iterable[tuple[int, str, str, str]]) -> Iterator[tuple[str, int]]:
    """(column name, cell code) of a wide view. ``cells``: (code, table, row, column), each form's in its print order."""
    table, wanted = WIDE[view]
    for code, table_key, row, column in cells:
        if table_key == table and wanted in ("", column):
            line = row.rpartition(".")[2]
            yield (line if wanted else column if table == "table_4" else f"{line}_{column}"), code


def wide_view(view: str, cells: Iterable[tuple[int, str, str, str]]) -> str:
    """SQL of a wide view: one row a current report, one column a total. Each total is looked up only when a query asks for it."""
    columns = [f"(SELECT value FROM value WHERE report = r.key AND cell = {code}) AS {name}" for name, code in wide_columns(view, cells)]
    return f"SELECT {', '.join([WIDE_HEAD, *columns])} {WIDE_TAIL}"
