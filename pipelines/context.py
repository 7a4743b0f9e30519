"""What is known of a page before it is read, from the list and the registry."""

from __future__ import annotations

import re
from typing import Protocol

from harvester.identity import Context
from harvester.items import Page

CODE = re.compile(r"[0-9]{6}")  # anyone may have written the manifest that gave it


class Portals(Protocol):
    """Who knows name and region code of a portal, empty where they are not known."""

    def portal(self, portal_id: str) -> tuple[str, str]: ...


def context_of(page: Page, known: Portals) -> Context:
    """What the list and the registry say of a page."""
    name, region_code = known.portal(page.portal_id)
    return Context(
        url=page.url,
        link_text=page.link_text,
        listed_on=page.listed_on,
        region_code=region_code or (page.region_code if CODE.fullmatch(page.region_code) else ""),
        portal_name=name,
        source=page.url,
        carrier_title=page.carrier_title,
        carrier_source=page.carrier_source,
    )
