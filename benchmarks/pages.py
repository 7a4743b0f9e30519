"""Report pages for the measurements: the sample portals' Word-pasted pages of about 90 KB, as many different ones as wanted."""

from __future__ import annotations

from functools import cache

from harvester.sample import world

SIZE = 92_000  # bytes; the middle of what the portals' Word-pasted pages weigh
YEARS = range(2019, 2026)
HEAD = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title>
<meta name="SiteName" content="云溪县人民政府"><meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{published} 09:00">
<meta name="ContentSource" content="{source}"></head><body>
<div class="header"><ul>{menu}</ul></div>
<div class="position">您当前的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/ndbg/">年度报告</a></div>
<h1>{title}</h1><div class="TRS_Editor">"""
TAIL = """</div><div class="footer">备案号：示ICP备00000000号</div></body></html>"""
MENU = "".join(f'<li><a href="/zwgk/{name}/">{name}</a></li>' for name in ("要闻", "政策", "解读", "公告", "人事", "财政", "规划", "统计"))


def report_page(number: int) -> bytes:
    """HTML of about :data:`SIZE` bytes, UTF-8: a sample report with tables; another text for each ``number``."""
    page = templates()[number % len(templates())]
    return page.replace(b"@NUMBER@", str(number).encode())


@cache
def templates() -> tuple[bytes, ...]:
    """One page for each sample report of the county with form tables."""
    reports = [article for article in world.articles("sample-yunxi") if article.organ and article.year in YEARS]
    return tuple(_template(article) for article in reports)


def _template(article: world.Article) -> bytes:
    head = HEAD.format(title=article.title, published=article.published, source=article.source, menu=MENU)
    numbered = "<p>本报告在目录中的编号为@NUMBER@。</p>"
    return f"{head}{numbered}{world.body(article, 1)}{TAIL}".encode()
