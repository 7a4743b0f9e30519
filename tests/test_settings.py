"""The settings: safe and polite by default, every departure from Scrapy explained, the belt in its order."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

from scrapy.settings import Settings, default_settings
from scrapy.utils.misc import load_object

from harvester import settings

SOURCE = Path(settings.__file__).read_text("utf-8")


def test_nothing_listens_and_nobody_is_hurried() -> None:
    assert settings.TELNETCONSOLE_ENABLED is False
    assert settings.REMOTE_CONTROL_ENABLED is False
    assert settings.ROBOTSTXT_OBEY is True
    assert settings.AUTOTHROTTLE_ENABLED is True
    assert settings.DOWNLOAD_DELAY >= 1
    assert settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1
    assert settings.DOWNLOAD_MAXSIZE == 64 * 1024 * 1024
    assert settings.HTTPCACHE_ENABLED is False


def test_every_setting_is_one_that_scrapy_or_we_know() -> None:
    ours = {name for name in dir(settings) if name.isupper()}
    strangers = {name for name in ours if not hasattr(default_settings, name) and not name.startswith("HARVEST_")}
    assert strangers <= {"ROBOTSTXT_USER_AGENT"}


def test_every_departure_carries_its_reason() -> None:
    lines = SOURCE.splitlines()
    for node in ast.parse(SOURCE).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = getattr(target, "id", "")
            default = getattr(default_settings, name, None)
            if name in ("BOT_NAME", "SPIDER_MODULES", "NEWSPIDER_MODULE") or getattr(settings, name) == default:
                continue
            last = (node.end_lineno or node.lineno) - 1
            said = lines[node.lineno - 2].startswith("#") or any("#" in line for line in lines[node.lineno - 1 : last + 1])
            assert said or name in ("ROBOTSTXT_OBEY", "DOWNLOAD_DELAY", "AUTOTHROTTLE_ENABLED"), name


def test_the_belt_keeps_the_bytes_before_anything_reads_them() -> None:
    order = sorted(settings.ITEM_PIPELINES, key=settings.ITEM_PIPELINES.__getitem__)
    assert [path.split(".")[1] for path in order] == ["archive", "handover", "extract", "identify", "dedupe", "parse", "check", "persist"]


def test_every_part_exists() -> None:
    named = [*settings.ITEM_PIPELINES, *settings.EXTENSIONS, settings.LOG_FORMATTER]
    named += [path for path, order in settings.DOWNLOADER_MIDDLEWARES.items() if order is not None]
    assert all(load_object(path) for path in named)


def test_scrapy_reads_them_as_a_module() -> None:
    importlib.reload(settings)
    read = Settings()
    read.setmodule("harvester.settings", priority="project")
    assert read.getfloat("HARVEST_BATCH") == 50
    assert read["BOT_NAME"] == "harvester"
