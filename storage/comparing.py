"""Checks between reports, worked out when they are asked for: an organ's years, and a government against those it sums up."""

from __future__ import annotations

from harvester import cross
from storage import schema

KINDS = ("report", "years", "children", "incoming")
KIND = {name: code for code, name in enumerate(KINDS)}

# What harvester.cross says, for the views to join with; migrations.refresh writes them anew.
TABLES: dict[str, str] = {
    "check_rule": "CREATE TABLE check_rule (check_id TEXT PRIMARY KEY, strength TEXT NOT NULL) WITHOUT ROWID",
    "check_term": """CREATE TABLE check_term (
        kind INTEGER NOT NULL, form TEXT NOT NULL, before TEXT NOT NULL, place INTEGER NOT NULL, years_back INTEGER NOT NULL,
        cell INTEGER NOT NULL, side INTEGER NOT NULL, sign INTEGER NOT NULL,
        PRIMARY KEY (kind, form, before, place, years_back, cell)) WITHOUT ROWID""",
    "child_level": """CREATE TABLE child_level (
        parent TEXT NOT NULL, level TEXT NOT NULL, scope TEXT NOT NULL, below INTEGER NOT NULL,
        PRIMARY KEY (parent, level, scope, below)) WITHOUT ROWID""",
}
INDEXES: dict[str, str] = {
    "report_series": "CREATE INDEX report_series ON report(organ_id, scope, superseded_by, year)",
    "report_region": "CREATE INDEX report_region ON report(region_code, year)",
    "region_parent": "CREATE INDEX region_parent ON regions(parent)",
    "check_failed": f"CREATE INDEX check_failed ON check_result(report) WHERE outcome = {schema.OUTCOMES.index('fail')}",
}

STRENGTH = "(SELECT strength FROM check_rule WHERE check_id = p.check_id)"
OWN = f"""SELECT {schema.ID} AS report_id, p.check_id, p.at, x.left_value, x.right_value,
    {schema.named(schema.OUTCOMES, "x.outcome")} AS outcome, x.if_blank_zero, {STRENGTH} AS strength
    FROM check_result x JOIN report r ON r.key = x.report LEFT JOIN check_place p ON p.code = x.place WHERE {schema.SHOWN}"""


def of(report: str, years: str, other: str = "d") -> str:
    """SQL, after FROM: the current reports of the same organ and scope as ``report`` whose year is as ``years`` says."""
    return f"""report {other} WHERE {other}.organ_id = {report}.organ_id AND {other}.scope = {report}.scope
        AND {other}.superseded_by IS NULL AND {other}.year {years}"""


# One row a term, grouped into one a check, in the order of the keys: nothing needs sorting. CROSS JOIN is SQLite's way to fix the order of
# the loops: without statistics it begins with the year, which a part of the whole database shares. Where an organ has several reports of
# one year nothing is decided; the first by id then stands for them.
UNIT = "coalesce(v.unit, -1)"  # of a figure that has a value; null stands for the cell's usual unit
LACKING = 1000  # more than a side has terms: one sum counts what is missing on both
YEARS_GROUPED = f"""SELECT {schema.ID} AS report_id, r.key AS report, b.key AS other, t.place,
    sum(iif(t.side, NULL, t.sign * v.value)) AS left_sum, sum(iif(t.side, t.sign * v.value, NULL)) AS right_sum,
    sum(iif(v.value IS NULL, iif(t.side, {LACKING}, 1), 0)) AS lacking,
    min({UNIT}) = max({UNIT}) AS comparable, max(v.status) AS worst,
    (SELECT count(*) FROM {of("r", "BETWEEN r.year - 1 AND r.year")}) > 2 AS several
    FROM report r CROSS JOIN report b ON b.key = (SELECT d.key FROM {of("r", "= r.year - 1")} ORDER BY d.id LIMIT 1)
    CROSS JOIN check_term t ON t.kind = {KIND["years"]} AND t.form = r.form AND t.before = b.form
    LEFT JOIN value v ON v.report = iif(t.years_back, b.key, r.key) AND v.cell = t.cell
    WHERE r.superseded_by IS NULL GROUP BY r.key, {schema.ID}, t.place"""


def kids(parent: str, child: str = "c") -> str:
    """SQL, after FROM: the current reports of the same year of all bodies that the government of ``parent`` sums up, as far as known."""
    region, level = f"{child}_region", f"{child}_level"
    return f"""regions {region} CROSS JOIN report {child} ON {child}.region_code = {region}.code AND {child}.year = {parent}.year
        AND {child}.superseded_by IS NULL AND ({region}.code = {parent}.region_code OR {region}.parent = {parent}.region_code)
        CROSS JOIN child_level {level} ON {level}.parent = {parent}.level AND {level}.level = {child}.level
        AND {level}.scope = {child}.scope AND {level}.below = ({region}.code <> {parent}.region_code)"""


def plain(report: str) -> str:
    """SQL: the government has one report of the year, and each body that it sums up has one."""
    return f"""(SELECT count(*) FROM {of(report, f"= {report}.year")}) = 1
        AND (SELECT count(*) = count(DISTINCT c.organ_id) FROM {kids(report)})"""


def closed(report: str) -> str:
    """SQL: all that came in is accounted for, so no body with any request is missing among the children known."""
    return f"""(SELECT count(*) FROM check_term i CROSS JOIN value w ON w.report = {report}.key AND w.cell = i.cell
        WHERE i.kind = {KIND["incoming"]} AND i.form = {report}.form AND w.value =
        (SELECT iif(count(v.value) = count(*), sum(v.value), NULL) FROM {kids(report)}
        LEFT JOIN value v ON v.report = c.key AND v.cell = i.cell)) = {cross.incoming()}"""


def closed_in(year: str) -> str:
    """SQL: so it was in another year of the government of ``r``."""
    return f"EXISTS (SELECT 1 FROM {of('r', f'= {year}', 'y')} AND {plain('y')} AND {closed('y')})"


# The years on both sides are closed, and every body of theirs reports this year too.
BETWEEN_CLOSED = f"""{closed_in("r.year - 1")} AND {closed_in("r.year + 1")}
    AND NOT EXISTS (SELECT 1 FROM report y CROSS JOIN {kids("y", "k")} WHERE y.organ_id = r.organ_id AND y.scope = r.scope
    AND y.superseded_by IS NULL AND y.year IN (r.year - 1, r.year + 1)
    AND NOT EXISTS (SELECT 1 FROM {kids("r")} WHERE c.organ_id = k.organ_id))"""
CHILDREN_GROUPED = f"""SELECT {schema.ID} AS report_id, r.key AS report, t.place, w.value AS left_sum, sum(v.value) AS right_sum,
    (count(*) - count(v.value)) * {LACKING} + (w.value IS NULL) AS lacking,
    min({UNIT}) = max({UNIT}) AND coalesce(w.unit, -1) = max({UNIT}) AS comparable, max(w.status, max(v.status)) AS worst, 0 AS several
    FROM report r CROSS JOIN check_term t ON t.kind = {KIND["children"]} AND t.form = r.form
    LEFT JOIN value w ON w.report = r.key AND w.cell = t.cell CROSS JOIN {kids("r")}
    LEFT JOIN value v ON v.report = c.key AND v.cell = t.cell
    WHERE r.superseded_by IS NULL AND r.scope = 'consolidated' AND r.level IN (SELECT parent FROM child_level)
    AND {plain("r")} AND ({closed("r")} OR ({BETWEEN_CLOSED})) GROUP BY r.key, {schema.ID}, t.place"""
HOLDS = "round(coalesce(x.left_sum, 0) - coalesce(x.right_sum, 0), 6) = 0"
FAILS = f"NOT (x.several OR x.lacking OR NOT x.comparable OR {HOLDS})"


def judged(grouped: str) -> str:
    """SQL: checks as users see them from rows with both sums and what is known of them."""
    return f"""SELECT x.report_id, p.check_id, p.at, iif(x.lacking % {LACKING}, NULL, x.left_sum) AS left_value,
        iif(x.several OR x.lacking >= {LACKING}, NULL, x.right_sum) AS right_value,
        CASE WHEN {FAILS} THEN 'fail' WHEN x.several OR x.lacking OR NOT x.comparable THEN 'unknown' ELSE 'pass' END AS outcome,
        iif(x.lacking AND NOT x.several, {HOLDS}, NULL) AS if_blank_zero, {STRENGTH} AS strength
        FROM ({grouped}) x LEFT JOIN check_place p ON p.code = x.place"""


VIEWS = {"checks": f"{OWN} UNION ALL {judged(YEARS_GROUPED)} UNION ALL {judged(CHILDREN_GROUPED)}"}
