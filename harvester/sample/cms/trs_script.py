"""拓尔思 TRS WCM again, unlike the city's: rows written by script, pages from 1, a stub past the end, menu nodes that lead away."""

from __future__ import annotations

from harvester.sample.cms.frame import Answer, Site, html, page_count
from harvester.sample.cms.small import SIZE, found, line, listed, paged, shown
from harvester.sample.world import Article, Row

FOLDER = "/zwgk_6255/xxgknb_6257/"
LIST = f"{FOLDER}index.shtml"
ROW = """<script type="text/javascript">
var url="{href}";
var title="{title}";
document.writeln('<li><a href="'+url+'" title="'+title+'">'+title+'</a><span>');
document.writeln("{date} 17:32");
document.writeln('</span></li>');
</script>"""
# A node of another system in the menu tree: its folder was never made.
TREE = (
    '<ul class="tree"><li chnl="xxgknb" chnlid="22084" docnum="7"><a href="./">政府信息公开年报</a></li>'
    '<li chnl="2019n" chnlid="6258" docnum="0" chnltype="11"><a href="./2019n/">2019年</a></li></ul>'
)
STUB = "<html><head><title>页面</title></head><body>" + "<!-- wcm -->" * 20 + "</body></html>"


def address(article: Article, twin: str = "") -> str:
    """``./YYYYMM/tYYYYMMDD_<id>.shtml`` under the list."""
    day = article.published.replace("-", "")
    return f"{FOLDER}{day[:6]}/t{day}_{2710000 + article.serial * 13}.shtml"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """List pages ``index.shtml``, ``index_2.shtml`` …, whatever the number, and articles."""
    if article := found(site, path, address):
        return shown(site, article, 'div class="trs_editor_view TRS_UEDITOR trs_paper_default"')
    number = "1" if path in (LIST, FOLDER) else path.removeprefix(f"{FOLDER}index_").removesuffix(".shtml")
    return _list(site, int(number)) if number.isdigit() else None


def _list(site: Site, number: int) -> Answer:
    rows = paged(site, number)
    if not rows:
        return html(STUB)
    written = "\n".join(_row(row) for row in rows)
    pager = f"<script>createPageHTML({page_count(site.rows, SIZE)}, {number}, 'index','shtml');</script>"
    return listed(site, f'<ul class="list">{written}</ul>', after=TREE + pager)


def _row(row: Row) -> str:
    return line(lambda article, twin: f"./{address(article).removeprefix(FOLDER)}", row, ROW)
