"""Datasette's hooks of the pages: addresses, links in cells, words of the home page, headers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from . import about, captures, dashboards, home, ledger, numbers, organs, rates, regions, report, security
from .kit import DATABASE

REPORT = re.compile(r"[0-9a-f]{16}")
SHAPES = {
    **dict.fromkeys(("previous_id", "superseded_by"), ("report", REPORT)),
    **dict.fromkeys(("organ_id", "other_id"), ("organ", re.compile(r"[0-9a-z]{6,7}-[0-9a-f]{8}"))),
    **dict.fromkeys(("region_code", "province_code"), ("region", re.compile(r"[0-9]{6}"))),
    **dict.fromkeys(("capture_id", "old_capture_id", "new_capture_id"), ("capture", re.compile(r"[0-9]{1,12}"))),
}
OWN = {("organs", "id"): "organ_id", ("regions", "code"): "region_code", ("captures", "id"): "capture_id"}


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """The addresses of our pages."""
    return [
        (r"^/-/report/(?P<id>[0-9a-f]{16})$", report.report_page),
        (r"^/harvest/reports/(?P<id>[0-9a-f]{16})$", to_report),
        (r"^/-/organ/(?P<id>[\w-]{1,60})$", organs.organ_page),
        (r"^/-/region/(?P<code>[0-9]{6})$", regions.region_page),
        (r"^/-/capture/(?P<id>[0-9]{1,12})$", captures.capture_page),
        (r"^/-/capture/(?P<id>[0-9]{1,12})/body$", captures.body_page),
        (r"^/-/dashboard/(?P<name>[a-z]{1,20})$", dashboards.dashboard_page),
        (r"^/-/source/(?P<id>[0-9a-f]{16})$", captures.source_page),
        (r"^/-/numbers$", numbers.numbers_page),
        (r"^/-/rates$", rates.rates_page),
        (r"^/-/ledger$", ledger.ledger_page),
        (r"^/-/about$", about.about_page),
        (r"^/-/dictionary$", about.dictionary_page),
    ]


async def to_report(request: Request, datasette: Datasette) -> Response:
    """Datasette links a key to the row it names: a report's row is its page."""
    return Response.redirect(datasette.urls.path(f"/-/report/{request.url_vars['id']}"))


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """Ids and addresses lead somewhere, in tables and in the answers of queries."""
    if table == "reports" and column == "title":
        return _link(datasette.urls.path(f"/-/report/{row['id']}"), value or row["id"])
    if column == "id" and table in (None, "reports") and isinstance(value, str) and REPORT.fullmatch(value):
        return _link(datasette.urls.path(f"/-/report/{value}"), value)
    if column == "report_id" and isinstance(value, str) and REPORT.fullmatch(value):
        source = _link(datasette.urls.path(f"/-/source/{value}"), "存档")
        return Markup("{} · {}").format(_link(datasette.urls.path(f"/-/report/{value}"), value), source)
    if column == "side_by_side" and isinstance(value, str) and REPORT.fullmatch(value):
        return _link(datasette.urls.path(f"/-/repeats/{value}"), "对照 side by side")
    if column == "other_id" and isinstance(value, str) and REPORT.fullmatch(value):
        return _link(datasette.urls.path(f"/-/report/{value}"), value)
    kind, shape = SHAPES.get(OWN.get((table or "", column), column), ("", REPORT))
    if kind and value is not None and shape.fullmatch(str(value)):
        return _link(datasette.urls.path(f"/-/{kind}/{value}"), str(value))
    if column in ("url", "list_url", "carrier") and str(value).startswith(("http://", "https://")):
        return Markup('<a href="{}" rel="nofollow noreferrer">{}</a>').format(value, value)
    return None


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Datasette) -> None:
    """Rows of the views, which were counted when the folder was published. Datasette reads those of the tables first, for it takes for a
    table what it has read."""
    told = (datasette.inspect_data or {}).get(DATABASE, {})
    if told and datasette.get_database(DATABASE).cached_table_counts is not None:
        told["tables"] |= {name: {"count": count} for name, count in told.pop("views", {}).items()}


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(template: str, datasette: Datasette) -> dict[str, Any] | Callable[[], Awaitable[dict[str, Any]]]:
    """The words of the home page."""

    async def words() -> dict[str, Any]:
        return await home.told(datasette)

    return words if template == "index.html" else {}


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[security.App], security.App]:
    """Our headers on every answer."""
    return security.wrapped
