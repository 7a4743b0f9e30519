"""Bar charts as plain data: where each bar stands, for a template to draw as SVG. A year without a number has no bar, never one of zero."""

from __future__ import annotations

import math
from typing import Any

WIDTH, HEIGHT = 560, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 18, 30
DIGIT = 6.4  # width of a digit of the value above a bar


def nice(top: float) -> float:
    """The end of an axis that shows ``top``: four steps of 1, 2 or 5 times a power of ten; cases are whole, so no step is less than one."""
    power: float = 10 ** math.floor(math.log10(max(top / 4, 1)))
    return next(4 * step * power for step in (1, 2, 5, 10) if 4 * step * power >= top)


def bars(title: str, labels: list[Any], series: list[dict[str, Any]], unit: str = "件") -> dict[str, Any]:
    """Groups of bars: ``labels`` along the axis, each of ``series`` with ``zh``, ``en``, ``values`` (None: no bar) and ``links``."""
    known = [value for line in series for value in line["values"] if value is not None]
    top = nice(max(known, default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    wide = min(slot * 0.76 / max(len(series), 1), 44)
    tall = HEIGHT - TOP - BOTTOM
    drawn = []
    for number, line in enumerate(series):
        for place, value in enumerate(line["values"]):
            x = LEFT + slot * (place + 0.5) + (number - len(series) / 2) * wide
            if value is not None:
                height = round(tall * max(value, 0) / top, 1)
                shown = f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:,.1f}"
                drawn.append(
                    {
                        "x": round(x + 1, 1),
                        "y": round(TOP + tall - height, 1),
                        "width": round(wide - 2, 1),
                        "height": height,
                        "value": value,
                        "shown": shown,
                        "fits": len(shown) * DIGIT <= wide + 1,
                        "series": number,
                        "label": labels[place],
                        "zh": line["zh"],
                        "en": line["en"],
                        "link": line["links"][place],
                    }
                )
    ticks = [{"y": round(TOP + tall * (1 - step / 4), 1), "label": tick(top * step / 4)} for step in range(5)]
    marks = [{"x": round(LEFT + slot * (place + 0.5), 1), "label": label} for place, label in enumerate(labels)]
    frame = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "bottom": TOP + tall}
    return {"title": title, "unit": unit, "bars": drawn, "ticks": ticks, "marks": marks, "series": series, **frame}


def tick(value: float) -> str:
    """A number beside an axis; 12万 rather than 120,000."""
    if value >= 10_000:
        return f"{value / 10_000:g}万"
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def lying(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines with ``value``, each with the ``share`` (0 to 100) of the longest bar it has; what has no number comes last, without a bar."""
    top = max((line["value"] for line in lines if line["value"] is not None), default=0) or 1
    ranked = sorted(lines, key=lambda line: (line["value"] is None, -(line["value"] or 0)))
    return [{**line, "share": None if line["value"] is None else round(100 * line["value"] / top, 2)} for line in ranked]
