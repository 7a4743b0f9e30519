"""``/-/dashboard/<name>``: sums over the years for one region and one scope; what each is made of lies one click behind it."""

from __future__ import annotations

from typing import Any, NamedTuple

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from . import charts, comparing, coverage, standing, sums, timeliness
from .kit import Row, Site, choices, region_of


class Line(NamedTuple):
    """A line of a dashboard: cells of the form, a ``row`` that ends in ``*`` stands for several, whose numbers are added up."""

    zh: str
    en: str
    row: str
    column: str = "total"
    table: str = "table_3"

    def holds(self, cell: Row) -> bool:
        rows = cell["row_key"].startswith(self.row[:-1]) if self.row.endswith("*") else cell["row_key"] == self.row
        return rows and (cell["table_key"], cell["column_key"]) == (self.table, self.column)


class Board(NamedTuple):
    """A dashboard: its lines, which of them the chart shows, the rates below."""

    zh: str
    en: str
    asks: tuple[str, str]
    lines: tuple[Line, ...]
    charted: tuple[int, ...]
    rates: tuple[str, ...] = ()
    lying: bool = False


OUTCOMES = (
    *(Line("本年新收", "Newly received", "new_received"), Line("上年结转", "Carried over", "carried_over")),
    *(Line("予以公开", "Granted", "granted"), Line("部分公开", "Partially granted", "partially_granted")),
    *(Line("不予公开", "Denied", "denied_*"), Line("无法提供", "Unable to provide", "unable_*")),
    *(Line("不予处理", "Not processed", "not_processed_*"), Line("其他处理", "Other handling", "other_*")),
    *(Line("办理总计", "Handled in all", "total_handled"), Line("结转下年", "Carried forward", "carried_forward")),
)
REASONS = {
    "denied_state_secret": ("国家秘密", "State secret"),
    "denied_forbidden_by_law": ("法律法规禁止公开", "Forbidden by other law"),
    "denied_security_stability": ("危及“三安全一稳定”", "Security and stability"),
    "denied_third_party_rights": ("第三方合法权益", "Third-party rights"),
    "denied_internal_affairs": ("内部事务信息", "Internal affairs"),
    "denied_process_information": ("过程性信息", "Process information"),
    "denied_enforcement_case_file": ("行政执法案卷", "Enforcement case file"),
    "denied_administrative_query": ("行政查询事项", "Administrative query"),
    "unable_not_held": ("本机关不掌握", "Not held"),
    "unable_needs_creation": ("需要另行制作", "Would have to be created"),
    "unable_still_unclear": ("补正后仍不明确", "Still unclear"),
    "not_processed_repeat": ("重复申请", "Repeated request"),
    "not_processed_petition_complaint": ("信访举报投诉", "Petition or complaint"),
    "not_processed_publication": ("公开出版物", "Publication"),
    "not_processed_excessive_repeated": ("大量反复申请", "Excessive requests"),
    "not_processed_confirm_or_reissue": ("确认或重新出具", "Confirm or reissue"),
}
RESULTS = {"upheld": ("结果维持", "upheld"), "corrected": ("结果纠正", "corrected"), "other_result": ("其他结果", "other result")}
RESULTS |= {"pending": ("尚未审结", "pending"), "total": ("总计", "total")}
ROADS = {"review": ("行政复议", "Review"), "litigation_direct": ("直接诉讼", "Lawsuit without review")}
ROADS |= {"litigation_after_review": ("复议后诉讼", "Lawsuit after review")}
DISPUTES = tuple(
    Line(f"{road[0]} {result[0]}", f"{road[1]}: {result[1]}", "cases", f"{key}_{end}", "table_4")
    for key, road in ROADS.items()
    for end, result in RESULTS.items()
)
BOARDS = {
    "requests": Board(
        *(
            "申请与办理结果",
            "Requests and outcomes",
            ("每年收到多少件申请，怎样办理？", "How many requests each year, and what became of them?"),
        ),
        *(OUTCOMES, (0, 2, 8), ("granted", "partially_granted", "natural_person", "carried_forward")),
    ),
    "refusals": Board(
        "不予公开的理由",
        "Reasons for refusal",
        ("不公开、不提供、不处理，依据的是什么？", "On which grounds is information withheld?"),
        tuple(Line(*told, row) for row, told in REASONS.items()),
        charted=(),
        rates=("granted", "partially_granted"),
        lying=True,
    ),
    "disputes": Board(
        *("行政复议与诉讼", "Reviews and lawsuits", ("申请人不服之后，结果如何？", "What comes of appeals and lawsuits?")),
        *(DISPUTES, (4, 9, 14), ("review_corrected", "litigation_direct_corrected", "litigation_after_review_corrected")),
    ),
}
OTHERS = {
    "organs": ("机关比较", "Organs compared"),
    "regions": ("地区比较", "Regions compared"),
    "timeliness": ("公布是否及时", "Timeliness"),
}
TITLES = {**{name: (board.zh, board.en) for name, board in BOARDS.items()}, **OTHERS}


async def dashboard_page(request: Request, datasette: Datasette) -> Response:
    """The dashboard of that name. Raises ``NotFound``."""
    site, name = Site(datasette, request), request.url_vars["name"]
    if name not in TITLES:
        raise NotFound("No such dashboard")
    region = await region_of(site)
    scope = site.word("scope", "own", ("own", "consolidated"))
    context: dict[str, Any] = {"name": name, "titles": TITLES, "region": region, "scope": scope, "least": sums.LEAST}
    context["choices"] = await choices(site, region)
    if name == "regions":
        return await site.page("dashboard_regions.html", **context, **await comparing.regions(site, region, scope))
    if name == "organs":
        return await site.page("dashboard_organs.html", **context, reasons=REASONS, **await standing.organs(site, region, scope))
    if name == "timeliness":
        return await site.page("dashboard_timeliness.html", **context, **await timeliness.years_of(site, region["code"]))
    return await site.page("dashboard.html", **context, board=BOARDS[name], **await _board(site, BOARDS[name], region["code"], scope))


async def _board(site: Site, board: Board, code: str, scope: str) -> dict[str, Any]:
    covered = await coverage.by_year(site, code)
    cells, rates = await sums.summed(site, code, scope), await sums.summed(site, code, scope, "rates")
    years = sorted({cell["year"] for cell in cells if cell["year"]})
    chosen = site.number("year", years[-1] if years else None)
    lines = [_line(site, line, cells, years, scope, code) for line in board.lines]
    found = {(row["rate"], row["year"]): sums.rate_link(site, row, scope, code) for row in rates}
    shown = [{"rate": rate, "cells": [found.get((rate, year)) for year in years]} for rate in board.rates]
    series = [{**lines[place], "values": [cell["value"] for cell in lines[place]["cells"]]} for place in board.charted]
    chart = charts.bars(f"{board.zh} {board.en}", years, series) if series and years else None
    lying = charts.lying([{**line, **line["cells"][years.index(chosen)]} for line in lines]) if board.lying and chosen in years else []
    return {"years": years, "chosen": chosen, "lines": lines, "rates": shown, "coverage": covered, "chart": chart, "lying": lying}


def _line(site: Site, line: Line, cells: list[Row], years: list[int], scope: str, code: str) -> dict[str, Any]:
    """The sums of a line by year, each with the reports that print it (of several cells, those of the one most often printed)."""
    found = []
    for year in years:
        held = [cell for cell in cells if cell["year"] == year and line.holds(cell)]
        values = [cell["value"] for cell in held if cell["value"] is not None]
        counts = {key: max((cell[key] for cell in held), default=0) for key in ("reports", "doubtful", "n")}
        address = sums.link(site, line.table, line.row, line.column, year, scope, code)
        found.append({"year": year, "value": sum(values) if values else None, "link": address, **counts})
    return {"zh": line.zh, "en": line.en, "cells": found, "links": [cell["link"] for cell in found]}
