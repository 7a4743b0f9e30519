"""Ready-made questions of the published folder: name -> titles, what they tell, SQL with parameters."""

from __future__ import annotations

QUERIES: dict[str, dict[str, str]] = {
    "one_organ": {
        "title": "某机关历年依申请公开情况 / One organ's requests over the years",
        "description": "organ: 机关名称的一部分，如 教育局 / part of its name",
        "sql": """select report_id, year, organ, scope, new_received, carried_over, granted, partially_granted, total_handled,
  carried_forward
from requests where organ like '%' || :organ || '%' order by organ, scope, year""",
    },
    "requests_by_year": {
        "title": "历年申请与办理 / Requests received and handled, by year",
        "description": "scope: own 本机关 | consolidated 汇总；两者不可相加 / never add the two. "
        "region: 行政区划代码前几位，可空 / first digits, or empty",
        "sql": """select year, count(*) as reports, count(new_received) as reports_with_figures, sum(new_received) as new_received,
  sum(granted) as granted, sum(partially_granted) as partially_granted, sum(total_handled) as total_handled,
  round(100.0 * sum(granted) / sum(total_handled), 1) as granted_percent
from requests where scope = coalesce(nullif(:scope, ''), 'own') and region_code like :region || '%'
group by year order by year""",
    },
    "why_denied": {
        "title": "不予公开的理由 / Reasons for denial",
        "description": "year: 报告年度 / report year. scope: own | consolidated",
        "sql": """select l.zh as reason, l.en as reason_en, sum(f.value) as requests, count(*) as reports
from figures f join reports r on r.id = f.report_id and r.superseded_by is null
join labels l on l.kind = 'row' and l.key = f.row_key
where f.table_key = 'table_3' and f.column_key = 'total' and f.row_key like 'denied_%' and f.value > 0
  and r.year = cast(:year as integer) and r.scope = coalesce(nullif(:scope, ''), 'own')
group by f.row_key order by requests desc""",
    },
    "failed_checks": {
        "title": "勾稽不符的报告 / Reports whose own arithmetic fails",
        "description": "保留原样，不作修正 / kept as printed, never repaired",
        "sql": """select c.report_id, r.year, r.organ, l.zh as check_zh, l.en as check_en, c.at, c.left_value, c.right_value
from checks c join reports r on r.id = c.report_id and r.superseded_by is null
left join labels l on l.kind = 'check' and l.key = c.check_id
where c.outcome = 'fail' and c.strength in ('official', 'arithmetic', 'recalled') order by r.year desc, r.organ""",
    },
    "errors_by_check": {
        "title": "原报告的差错 / What published reports get wrong",
        "description": "strength: official 表内印明 | arithmetic 合计 | cross_year 跨年 | hierarchy 上下级 | prose 文字与表格；"
        "可空 / may be empty",
        "sql": """select strength, check_id, check_zh, check_en, count(*) as errors, count(distinct report_id) as reports,
  count(distinct organ_id) as organs, min(year) as first_year, max(year) as last_year
from source_errors where :strength in ('', strength) group by strength, check_id order by errors desc""",
    },
    "one_figure": {
        "title": "一个数字及其出处 / One figure and where it is printed",
        "description": "report_id, row_key, column_key, 如 new_received, total",
        "sql": """select f.report_id, f.row_key, f.column_key, f.value, f.unit, f.printed, f.status, c.url, c.fetched_at,
  c.warc_file, c.warc_offset, f.source_table, f.source_row, f.source_column
from figures f left join captures c on c.id = f.capture_id
where f.report_id = :report_id and f.row_key = :row_key and f.column_key = :column_key""",
    },
    "coverage": {
        "title": "覆盖情况 / Coverage",
        "description": "各省各年度报告数与核对结果 / reports by province and year, and what the checks say",
        "sql": """select province, year, count(*) as reports, sum(quality = 'verified') as verified,
  sum(quality = 'consistent') as consistent,
  sum(quality = 'inconsistent') as inconsistent, sum(quality in ('partial', 'none')) as without_all_tables
from reports where superseded_by is null group by province, year order by province, year""",
    },
    "in_the_text": {
        "title": "正文中的词语 / A word in its sentence",
        "description": "word: 如 诉讼 / any Chinese word",
        "sql": """select r.id, r.year, r.organ,
  '…' || substr(r.text, max(1, instr(lower(r.text), lower(:word)) - 25), 60) || '…' as passage
from reports r where r.superseded_by is null
  and r.key in (select rowid from reports_fts where reports_fts match '- head : (' || whole_fts(:word) || ')')
order by r.year desc, r.organ limit 200""",
    },
    "revised": {
        "title": "被修订的报告 / Reports that were revised",
        "description": "同一网址先后两个文本 / two texts at one address, one after the other",
        "sql": """select o.id, o.year, o.organ, o.last_seen, o.superseded_by, n.first_seen as revised_seen
from reports o join reports n on n.id = o.superseded_by order by n.first_seen desc limit 1000""",
    },
    "repeats_last_year": {
        "title": "与上年报告重复最多的 / Who repeats last year's text most",
        "description": "year: 报告年度 / report year. region: 行政区划代码前几位，可空 / first digits, or empty. "
        "section: section_1_overview 总体情况 | section_5_problems 问题 | section_6_other 其他；格式规定了不少措辞，重复不等于过错 / "
        "the form prescribes much of the wording: a repeat is not a fault",
        "sql": """select b.report_id, r.organ, r.region, r.level, b.share, b.shared_characters, b.characters, b.other_id
from reports r join boilerplate b on b.report_id = r.id
where r.year = cast(:year as integer) and r.region_code like :region || '%' and r.superseded_by is null
  and b.against = 'last_year' and b.section = coalesce(nullif(:section, ''), 'section_5_problems')
order by b.share desc, b.characters desc limit 500""",
    },
}
