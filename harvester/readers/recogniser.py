"""The recogniser of characters: crops of a page -> what they say, how surely; and where a picture has text. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from harvester.errors import NotSupported
from harvester.readers.ruled import Box
from harvester.readers.scanned import Pixels

NARROW = 96  # pixels that the narrowest crop is given at the recogniser's height of 48: a digit needs no more, and there are 200 a page
BATCH = 8
LONGEST = 1600  # pixels: a larger picture is made smaller before text is looked for in it


class Said(NamedTuple):
    """What a crop says; ``score`` is 0 to 1."""

    text: str
    score: float


@cache
def _engine() -> Any:
    """The models that are part of the package, named by their files: a model that had to be found by name could be downloaded."""
    try:
        import rapidocr
    except ImportError as error:
        raise NotSupported("reading scans needs the extra ocr: pip install 'harvester[ocr]'; the bytes are kept") from error
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Det.limit_type": "max",
            "Det.limit_side_len": LONGEST,
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "Rec.rec_img_shape": [3, 48, NARROW],
            "Rec.rec_batch_num": BATCH,
        }
    )


def said(crops: Sequence[Pixels]) -> list[Said]:
    """What each crop, a line of text, says; an empty string for one in which nothing is recognised."""
    if not crops:
        return []
    found = _engine().recognize_txt([cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR) for crop in crops])
    return [Said(text, float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


def lines(picture: Pixels) -> list[Box]:
    """Where lines of text stand in a picture."""
    found = _engine()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False).boxes
    corners = [] if found is None else [np.asarray(box) for box in found]
    return [Box(float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 0].max()), float(box[:, 1].max())) for box in corners]
