"""The forms as data: what each file says, that every label names its row, and how a document's form is told."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from harvester import forms
from harvester.spelling import bare, fold
from tests import forms_html as html

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT.parent / "shared" / "reference" / "forms.yaml"
INDICATOR_FORMS = [form_id for form_id in forms.form_ids() if forms.load(form_id).indicators]
# Rows whose label stands twice in the form of 2014: under 行政复议 and under 行政诉讼.
SHARED = {("reviews_upheld", "lawsuits_upheld"), ("reviews_corrected", "lawsuits_corrected"), ("reviews_other", "lawsuits_other")}


def test_the_forms_newest_first() -> None:
    assert forms.form_ids() == ("national_2021", "national_2019", "national_2014", "fujian_2014", "fujian_2009", "shanghai_2006")


def reference() -> dict[str, Any]:
    if not REFERENCE.exists():
        pytest.skip("the reference lies outside this project and is not here")
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load(REFERENCE.read_text("utf-8"))  # type: ignore[no-any-return]


def test_every_form_of_the_reference_is_here_with_its_status() -> None:
    told = {form["id"]: form["status"] for form in reference()["forms"]}
    ours = {form_id: forms.load(form_id).status for form_id in forms.form_ids()}
    assert ours == {form_id: status for form_id, status in told.items() if form_id != "narrative"}


@pytest.mark.parametrize("form_id", INDICATOR_FORMS)
def test_indicators_are_those_of_the_reference(form_id: str) -> None:
    told = next(form for form in reference()["forms"] if form["id"] == form_id)
    ours = forms.load(form_id).indicators
    assert list(ours) == [entry["key"] for entry in told["indicators"]]
    for entry in told["indicators"]:
        found = ours[entry["key"]]
        expected = (entry["label"], entry["unit"], entry.get("parent", ""), entry.get("code", ""))
        assert (found.label, found.unit, found.parent, found.code) == expected
        for word in (entry["label"], *entry.get("variants", ())):
            assert entry["key"] in {label.key for label in forms.load(form_id).find(word)}
    data = forms.toml(form_id)["tables"][0]["indicators"]
    for name in ("of_which", "years", "absent_in", "meaning"):
        assert {row["key"]: row[name] for row in data if name in row} == {
            entry["key"]: entry[name] for entry in told["indicators"] if name in entry
        }


def test_identities_of_the_indicator_forms_are_those_of_the_reference() -> None:
    told = [entry for entry in reference()["identities"] if entry["id"].startswith(("n14_", "fj_")) and not entry.get("cross_year")]
    assert len(told) == 9
    for entry in told:
        (form_id,) = entry["forms"]
        form = forms.load(form_id)
        ours = next(identity for identity in form.identities if identity.id == entry["id"])
        assert ours.status == entry.get("status", "")
        assert [at for at, _, _ in ours.places] == [column.key for column in form.parts[0].columns]
        for at, left, right in ours.places:
            assert [form.places[index] for index in left] == [("statistics", key, at) for key in entry["left"]]
            assert [form.places[index] for index in right] == [("statistics", key, at) for key in entry["right"]]


def test_the_words_that_tell_a_form_are_those_of_the_reference() -> None:
    for entry in reference()["detection"]:
        if entry["form"] != "narrative":
            words = entry.get("any_of") or entry["all_of"]
            assert set(map(fold, words)) == set(forms.load(entry["form"]).detect)
            assert forms.load(entry["form"]).detect_all == ("all_of" in entry)


@pytest.mark.parametrize("form_id", INDICATOR_FORMS)
def test_every_label_names_its_row_and_no_other(form_id: str) -> None:
    form = forms.load(form_id)
    for word, labels in form.labels.items():
        keys = tuple(label.key for label in labels)
        assert len(keys) == 1 or keys in SHARED, word
    for key, entry in form.indicators.items():
        for label in form.find(entry.label):
            assert label.role == ("row" if entry.unit else "group")
        assert key in {label.key for label in form.find(entry.label)}
        assert not entry.parent or entry.parent in form.indicators
    assert {place.row for place in form.places} == {key for key, entry in form.indicators.items() if entry.unit}


def test_marks_of_recalled_labels_are_published() -> None:
    """In the data dictionary every label bears its mark; in labels.csv, and so in the database, every one that is not verbatim."""
    page = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8").splitlines()
    with (ROOT / "harvester" / "data" / "labels.csv").open(encoding="utf-8-sig", newline="") as stream:
        told = {(row["kind"], row["key"]): row["description_en"] for row in csv.DictReader(stream)}
    marks = []
    for form_id in INDICATOR_FORMS:
        form = forms.load(form_id)
        for entry in form.indicators.values():
            lines = [line for line in page if line.startswith(f"| `{entry.key}` | {entry.label} |")]
            assert any(line.endswith(f"| {entry.status} |") for line in lines)
            if entry.unit and entry.status != "verbatim":
                marks.append(entry.status)
                assert entry.status in told["row", entry.key], entry.key
        for identity in form.identities:
            assert identity.status in told["check", identity.id]
    assert set(marks) == {"recalled", "confirmed"} and marks.count("recalled") > 30


@pytest.mark.parametrize(
    ("words", "form_id"),
    [
        (["历年累计", "主动公开文件数"], "fujian_2014"),
        (["历年累计", "主动公开信息数"], "fujian_2009"),
        (["主动公开文件数"], None),
        (["历年累计"], None),
        (["其中：全文电子化的主动公开信息数"], "shanghai_2006"),
        (["(5)“免于公开范围1”数"], "shanghai_2006"),
        (["（二）申请办结数"], "national_2014"),
        (["7.告知作出更改补充数", "信息内容"], "national_2014"),
        (["本年制发件数"], "national_2021"),
        (["采购项目数量"], "national_2019"),
        (["本年 制发件数"], "national_2021"),
        (["信息内容", "总计", "其他"], None),
        (["指标名称", "单位", "数量"], None),
        ([], None),
        ([""], None),
    ],
)
def test_a_form_is_told_by_its_words(words: list[str], form_id: str | None) -> None:
    found = forms.detect(words)
    assert (found.id if found else None) == form_id


def printed(form_id: str) -> list[str]:
    form = forms.load(form_id)
    if form.indicators:
        return [entry.label for entry in form.indicators.values()]
    return [text for rows in html.tables(form_id, lambda *_: "0") for row in rows for text, _, _ in row]


@pytest.mark.parametrize("form_id", forms.form_ids())
def test_a_form_is_told_by_its_rows_when_its_own_words_are_lost(form_id: str) -> None:
    form = forms.load(form_id)
    cells = [text for text in printed(form_id) if not any(word in fold(text) for word in form.detect)]
    found = forms.detect(cells)
    assert found is not None and (found.id == form_id or not form.indicators)


@pytest.mark.parametrize("old", INDICATOR_FORMS)
@pytest.mark.parametrize("new", ["national_2019", "national_2021"])
def test_of_two_forms_the_one_with_most_of_its_rows_wins(old: str, new: str) -> None:
    rows = [*printed(old), "历年累计"]
    whole = forms.contenders(rows + printed(new))
    assert whole[0].id == new and old in [form.id for form in whole]
    assert forms.contenders(rows + printed(new)[:6])[0].id == old


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("其中：(1)“非《规定》所指政府信息”数", "非规定所指政府信息数"),
        ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "主动公开政府信息数"),
        ("３．信函、传真申请数", "信函传真申请数"),
        ("(11)其它原因", "其他原因"),
        ("①当面申请数", "当面申请数"),
        ("12网络申请数", "网络申请数"),
        ("免予公开范围1", "免予公开范围1"),
        ("2015年度", "2015年度"),
        ("三、其中：", ""),
        ("", ""),
    ],
)
def test_bare_names(text: str, name: str) -> None:
    assert bare(text) == name
