"""An archived page made so that it does not even try: scripts, and what would be fetched from elsewhere, are put out of use."""

from __future__ import annotations

import re

# On bytes, for the encoding is the page's own affair; all of it is ASCII. What slips through, the content policy holds up.
CHANGES = (
    (re.compile(rb"<(/?)script\b", re.IGNORECASE), rb"<\1template"),  # its content is never run and never shown
    (re.compile(rb"<link\b", re.IGNORECASE), b"<meta"),
    (re.compile(rb"<(/?)(iframe|frame|object|embed|applet)\b", re.IGNORECASE), rb"<\1span"),
    (re.compile(rb"http-equiv\s*=", re.IGNORECASE), b"data-http-equiv="),
    (re.compile(rb"(?<=[\s\"'])(src|srcset|background|poster|lowsrc|on\w+)\s*=", re.IGNORECASE), rb"data-\1="),
    (re.compile(rb"@import\b", re.IGNORECASE), b"@left-out"),
    (re.compile(rb"\burl\(\s*(?![\"']?data:)", re.IGNORECASE), b"url(data:,"),
)
# A page tells its encoding in http-equiv too: that one stays.
CHARSET = re.compile(rb"data-http-equiv=(\s*[\"']?content-type)", re.IGNORECASE)


def inert(html: bytes) -> bytes:
    """``html`` with the same words and layout, and nothing in it that would act."""
    for found, put in CHANGES:
        html = found.sub(put, html)
    return CHARSET.sub(rb"http-equiv=\1", html)
