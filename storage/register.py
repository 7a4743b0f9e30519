"""The register ``source_errors``: where published reports contradict themselves or each other, each with the printed cells that say so."""

from __future__ import annotations

from storage import schema
from storage.comparing import CHILDREN_GROUPED, FAILS, KIND, YEARS_GROUPED, kids

PRINTED = schema.STATUS.index("printed")
FAIL = schema.OUTCOMES.index("fail")
# A soft identity fails too often to accuse anyone; one recalled from memory may be our own error.
ACCUSES = "s.strength NOT IN ('soft', 'recalled')"
PROSE = "prose_mismatch"
PRINT = "coalesce(v.printed, CAST(v.value AS TEXT), '')"


def cells(source: str) -> str:
    """SQL: the figures of ``source`` (it has ``told``, in order) as one string."""
    return f"(SELECT group_concat(told, '; ') FROM ({source}))"


def terms(kind: str, form: str, before: str, report: str, other: str) -> str:
    """SQL, after FROM: the terms of the check at ``x.place`` with their figures in ``report`` and, of the year before, in ``other``."""
    return f"""check_term t JOIN cell k ON k.code = t.cell LEFT JOIN value v ON v.report = iif(t.years_back, {other}, {report})
        AND v.cell = t.cell WHERE t.kind = {KIND[kind]} AND t.form = {form} AND t.before = {before} AND t.place = x.place"""


TOLD = f"k.row_key || '.' || k.column_key || iif(t.years_back, '@' || (r.year - 1), '') || '=' || {PRINT} AS told"
IN_ORDER = "ORDER BY t.side, t.years_back, t.cell"
INSIDE = terms("report", "r.form", "''", "r.key", "r.key")
BEFORE = terms("years", "r.form", "(SELECT form FROM report WHERE key = x.other)", "r.key", "x.other")
OWN = f"""SELECT x.report, p.check_id, p.at, s.strength, x.left_value, x.right_value,
    {cells(f"SELECT {TOLD} FROM {INSIDE} {IN_ORDER}")} AS cells
    FROM check_result x JOIN report r ON r.key = x.report JOIN check_place p ON p.code = x.place
    JOIN check_rule s ON s.check_id = p.check_id WHERE x.outcome = {FAIL}
    AND r.superseded_by IS NULL AND {ACCUSES} AND EXISTS (SELECT 1 FROM {INSIDE})
    AND NOT EXISTS (SELECT 1 FROM {INSIDE} AND v.status IS NOT {PRINTED})"""


def between(grouped: str, told: str) -> str:
    """SQL: the failed checks of ``grouped`` where every figure is printed for certain."""
    return f"""SELECT x.report, p.check_id, p.at, s.strength, x.left_sum, x.right_sum, {cells(told)} AS cells
        FROM ({grouped}) x JOIN report r ON r.key = x.report JOIN check_place p ON p.code = x.place
        JOIN check_rule s ON s.check_id = p.check_id WHERE {ACCUSES} AND {FAILS} AND x.worst IS {PRINTED}"""


# Who reports, and for whom, must be certain before two reports are held against each other.
YEARS = f"""{between(YEARS_GROUPED, f"SELECT {TOLD} FROM {BEFORE} {IN_ORDER}")}
    AND r.scope <> 'unclear' AND r.region_code IS NOT NULL"""
CHILD_CELL = f"(SELECT cell FROM check_term WHERE kind = {KIND['children']} AND form = r.form AND place = x.place)"
CHILDREN = between(
    CHILDREN_GROUPED,
    f"""SELECT r.organ || '=' || {PRINT} AS told FROM value v WHERE v.report = r.key AND v.cell = {CHILD_CELL}
    UNION ALL SELECT * FROM (SELECT c.organ || '=' || {PRINT} FROM {kids("r")} JOIN value v ON v.report = c.key AND v.cell = {CHILD_CELL}
    ORDER BY c.organ_id)""",
)
TOLD_IN_PROSE = f"""SELECT i.report, i.code, i."where", 'prose', NULL, NULL, i.message FROM issue i JOIN report r ON r.key = i.report
    WHERE i.code = '{PROSE}' AND r.superseded_by IS NULL"""
LABEL = "FROM labels WHERE key = e.check_id AND kind = iif(e.strength = 'prose', 'issue', 'check')"
SOURCE_ERRORS = f"""SELECT {schema.ID} AS report_id, e.check_id, e.at, e.strength, r.year, r.organ, r.organ_id, r.scope,
    r.region_code, r.title,
    (SELECT v.url FROM capture c JOIN visit v ON v.key = c.visit WHERE c.key = r.capture) AS url,
    (SELECT zh {LABEL}) AS check_zh, (SELECT en {LABEL}) AS check_en,
    (SELECT description_zh {LABEL}) AS definition_zh, (SELECT description_en {LABEL}) AS definition_en,
    e.left_value, e.right_value, e.cells
    FROM ({OWN} UNION ALL {YEARS} UNION ALL {CHILDREN} UNION ALL {TOLD_IN_PROSE}) e JOIN report r ON r.key = e.report"""
VIEWS = {"source_errors": SOURCE_ERRORS}
