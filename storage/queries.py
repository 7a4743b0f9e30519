"""Ready-made questions of the published folder: name -> titles, what they tell, SQL with parameters, words to begin with."""

from __future__ import annotations

# Sums come from ``totals``, where a missing number is no zero and each sum says how many reports print it. Words may be left empty.
NATION = "coalesce(nullif(:region, ''), '100000')"
SCOPE = "coalesce(nullif(:scope, ''), 'own')"
WORDS = (
    "scope: own 本机关 | consolidated 汇总；两者不可相加 / never add the two. region: 省级代码，如 410000，可空为全国 / province, or empty"
)

QUERIES: dict[str, dict[str, str]] = {
    "one_organ": {
        "title": "某机关历年依申请公开情况 / One organ's requests over the years",
        "description": "organ: 机关名称的一部分，如 教育局 / part of its name",
        "example": "organ=教育局",
        "sql": """select q.report_id, q.year, q.organ, q.organ_id, q.scope, q.new_received, q.carried_over, q.granted, q.partially_granted,
  q.total_handled, q.carried_forward
from organs o join requests q on q.organ_id = o.id
where :organ <> '' and o.name like '%' || :organ || '%' order by q.organ, q.scope, q.year limit 1000""",
    },
    "requests_by_year": {
        "title": "历年申请与办理 / Requests received and handled, by year",
        "description": WORDS,
        "example": "scope=own&region=",
        "sql": f"""select year, max(reports) as reports_with_the_form,
  sum(iif(row_key = 'new_received', t.n, 0)) as reports_with_figures, sum(iif(row_key = 'new_received', value, null)) as new_received,
  sum(iif(row_key = 'granted', value, null)) as granted, sum(iif(row_key = 'partially_granted', value, null)) as partially_granted,
  sum(iif(row_key = 'total_handled', value, null)) as total_handled,
  (select round(100.0 * numerator / denominator, 1) from rates g
    where (g.region_code, g.scope, g.year, g.rate) = (t.region_code, t.scope, t.year, 'granted')) as granted_percent,
  (select n from rates g where (g.region_code, g.scope, g.year, g.rate) = (t.region_code, t.scope, t.year, 'granted')) as percent_n
from totals t where region_code = {NATION} and t.level = 'all' and scope = {SCOPE} and table_key = 'table_3' and column_key = 'total'
group by year order by year""",
    },
    "why_denied": {
        "title": "不予公开的理由 / Reasons for denial",
        "description": f"year: 报告年度 / report year. {WORDS}",
        "example": "year={year}&scope=own&region=",
        "sql": f"""select l.zh as reason, l.en as reason_en, t.value as requests, t.n as reports_that_print_it, t.doubtful
from totals t join labels l on l.kind = 'row' and l.key = t.row_key
where t.table_key = 'table_3' and t.column_key = 'total' and t.row_key like 'denied_%' and t.year = cast(:year as integer)
  and t.region_code = {NATION} and t.level = 'all' and t.scope = {SCOPE} order by t.value desc""",
    },
    "who_asks": {
        "title": "申请人是谁 / Who asks",
        "description": f"自然人与各类组织的新收申请 / newly received, by kind of applicant. {WORDS}",
        "example": "scope=own&region=",
        "sql": f"""select t.year, l.zh as applicant, l.en as applicant_en, t.value as requests, t.n as reports_that_print_it
from totals t join labels l on l.kind = 'column' and l.key = t.column_key
where t.table_key = 'table_3' and t.row_key = 'new_received' and t.region_code = {NATION} and t.level = 'all'
  and t.scope = {SCOPE}
order by t.year, t.value desc""",
    },
    "reviews_and_lawsuits": {
        "title": "行政复议与诉讼的结果 / Results of reviews and lawsuits",
        "description": WORDS,
        "example": "scope=own&region=",
        "sql": f"""select t.year, l.zh as result, l.en as result_en, t.value as cases, t.n as reports_that_print_it
from totals t join labels l on l.kind = 'column' and l.key = t.column_key
where t.table_key = 'table_4' and t.region_code = {NATION} and t.level = 'all' and t.scope = {SCOPE} order by t.year, t.column_key""",
    },
    "provinces_compared": {
        "title": "各省予以公开的比率 / Share granted, province by province",
        "description": "year: 报告年度 / report year. scope: own | consolidated. n 少于30不排名 / no rank below n = 30",
        "example": "year={year}&scope=own",
        "sql": f"""select iif(r.n >= 30, rank() over (partition by r.n >= 30 order by 1.0 * numerator / denominator desc), null) as rank,
  r.region_code, g.name as province, round(100.0 * numerator / denominator, 1) as granted_percent, r.numerator, r.denominator, r.n
from rates r join regions g on g.code = r.region_code
where r.rate = 'granted' and r.region_code <> '100000' and r.year = cast(:year as integer) and r.scope = {SCOPE} and r.denominator > 0
order by r.n >= 30 desc, granted_percent desc""",
    },
    "most_requests": {
        "title": "申请最多的机关 / Organs with the most requests",
        "description": "year: 报告年度 / report year. scope: own | consolidated",
        "example": "year={year}&scope=own",
        "sql": f"""select q.report_id, q.organ, q.organ_id, q.region, q.new_received, q.total_handled, q.granted from requests q
where q.year = cast(:year as integer) and q.scope = {SCOPE} and q.new_received is not null order by q.new_received desc limit 100""",
    },
    "published_late": {
        "title": "逾期公布的报告 / Reports published late",
        "description": "year: 报告年度 / report year. region: 代码前几位 / first digits. 均可空；存疑者见说明 / may be empty",
        "example": "year=&region=",
        "sql": """select year, organ, organ_id, region_code, deadline, published_on, days_late, lateness_note, report_id from ledger
where days_late > 0 and :year in ('', cast(year as text)) and region_code like :region || '%' order by days_late desc limit 1000""",
    },
    "not_found": {
        "title": "应有而未见的报告 / Reports that are expected and were not found",
        "description": "year: 报告年度，可空 / or empty. region: 代码前几位，可空 / first digits, or empty",
        "example": "year={year}&region=",
        "sql": """select year, organ, organ_id, region_code, status, deadline, portal_id from ledger
where status in ('missing', 'blocked', 'withdrawn') and :year in ('', cast(year as text)) and region_code like :region || '%'
order by region_code, organ, year limit 1000""",
    },
    "coverage_by_province": {
        "title": "覆盖情况 / Coverage",
        "description": "各省各年度：应有、采到、有数据、经核对、全部相符；expected 为空即不知 / by province and year; empty: nobody knows",
        "sql": """select g.name as province, c.region_code, c.year, c.expected, c.found, c.parsed, c.checked, c.verified
from coverage c join regions g on g.code = c.region_code
where c.kind = 'region_year' and c.region_code like '__0000' order by c.region_code, c.year""",
    },
    "failed_checks": {
        "title": "勾稽不符的报告 / Reports whose own arithmetic fails",
        "description": "保留原样，不作修正 / kept as printed, never repaired",
        "sql": """select e.report_id, e.year, e.organ, e.organ_id, e.check_zh, e.check_en, e.at, e.left_value, e.right_value
from source_errors e
where e.strength in ('official', 'arithmetic') order by e.year desc, e.organ limit 1000""",
    },
    "errors_by_check": {
        "title": "原报告的差错 / What published reports get wrong",
        "description": "strength: official 表内印明 | arithmetic 合计 | cross_year 跨年 | hierarchy 上下级 | prose 文字与表格；"
        "可空 / may be empty",
        "example": "strength=",
        "sql": """select strength, check_id, check_zh, check_en, count(*) as errors, count(distinct report_id) as reports,
  count(distinct organ_id) as organs, min(year) as first_year, max(year) as last_year
from source_errors where :strength in ('', strength) group by strength, check_id order by errors desc""",
    },
    "one_figure": {
        "title": "一个数字及其出处 / One figure and where it is printed",
        "description": "report_id, row_key, column_key, 如 new_received, total",
        "sql": """select f.report_id, f.row_key, f.column_key, f.value, f.unit, f.printed, f.status, f.capture_id, c.url, c.fetched_at,
  c.warc_file, c.warc_offset, f.source_table, f.source_row, f.source_column
from figures f left join captures c on c.id = f.capture_id
where f.report_id = :report_id and f.row_key = :row_key and f.column_key = :column_key""",
    },
    "in_the_text": {
        "title": "正文中的词语 / A word in its sentence",
        "description": "word: 如 诉讼 / any Chinese word",
        "example": "word=诉讼",
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
    "revised_figures": {
        "title": "被修订的数字 / Figures that were revised",
        "description": "逐格对照，各附存档 / cell by cell, each with its archived page",
        "sql": """select v.report_id, v.previous_id, n.organ, n.year, r.zh as row, c.zh as "column", v.old_printed, v.new_printed,
  v.old_capture_id, v.new_capture_id
from revisions v join reports n on n.id = v.report_id
left join labels r on r.kind = 'row' and r.key = v.row_key left join labels c on c.kind = 'column' and c.key = v.column_key
order by n.year desc, n.organ limit 1000""",
    },
    "comparable": {
        "title": "各年代的哪些行可比 / Which lines compare across eras",
        "description": "key: 行键，如 requests_received，可空 / key of a line, or empty",
        "example": "key=",
        "sql": """select from_form, from_key, to_form, to_key, comparability, note_zh, note_en from crosswalk
where :key in ('', from_key, to_key) and comparability <> 'not_comparable' order by from_form, from_key, to_form""",
    },
    "repeats_last_year": {
        "title": "与上年报告重复最多的 / Who repeats last year's text most",
        "description": "year: 报告年度 / report year. region: 行政区划代码前几位，可空 / first digits, or empty. "
        "section: section_1_overview 总体情况 | section_5_problems 问题 | section_6_other 其他；格式规定了不少措辞，重复不等于过错 / "
        "the form prescribes much of the wording: a repeat is not a fault",
        "example": "year={year}&region=&section=",
        "sql": """select b.report_id as side_by_side, r.organ, r.region, r.level, round(100.0 * b.share, 1) as percent, b.shared_characters,
  b.characters, b.report_id, b.other_id
from reports r join boilerplate b on b.report_id = r.id
where r.year = cast(:year as integer) and r.region_code like :region || '%' and r.superseded_by is null
  and b.against = 'last_year' and b.section = coalesce(nullif(:section, ''), 'section_5_problems')
order by b.share desc, b.characters desc limit 500""",
    },
}
