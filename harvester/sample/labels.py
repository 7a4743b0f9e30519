"""What the official forms print: labels in print order, spelt out a second time so that a slip in data/forms cannot hide here.

Sources: 国办公开办函〔2019〕60号 (``national_2019``) and 国办公开办函〔2021〕30号 (``national_2021``).
"""

from __future__ import annotations

from typing import NamedTuple

Place = tuple[str, str, str]
Labels = tuple[tuple[str, str], ...]


class Block(NamedTuple):
    """A part of table 2: key, caption, columns and rows as (key, label)."""

    key: str
    caption: str
    columns: Labels
    rows: Labels


APPLICANTS: Labels = (
    ("natural_person", "自然人"),
    ("commercial_enterprise", "商业企业"),
    ("research_institution", "科研机构"),
    ("social_welfare_org", "社会公益组织"),
    ("legal_service_org", "法律服务机构"),
    ("other_org", "其他"),
)
COLUMNS: Labels = (*APPLICANTS, ("total", "总计"))
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"

HEAD: Labels = (("new_received", "一、本年新收政府信息公开申请数量"), ("carried_over", "二、上年结转政府信息公开申请数量"))
SINGLE: Labels = (("granted", "（一）予以公开"), ("partially_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"))
GROUPS: tuple[tuple[str, Labels], ...] = (
    (
        "（三）不予公开",
        (
            ("denied_state_secret", "1.属于国家秘密"),
            ("denied_forbidden_by_law", "2.其他法律行政法规禁止公开"),
            ("denied_security_stability", "3.危及“三安全一稳定”"),
            ("denied_third_party_rights", "4.保护第三方合法权益"),
            ("denied_internal_affairs", "5.属于三类内部事务信息"),
            ("denied_process_information", "6.属于四类过程性信息"),
            ("denied_enforcement_case_file", "7.属于行政执法案卷"),
            ("denied_administrative_query", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unable_not_held", "1.本机关不掌握相关政府信息"),
            ("unable_needs_creation", "2.没有现成信息需要另行制作"),
            ("unable_still_unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("not_processed_petition_complaint", "1.信访举报投诉类申请"),
            ("not_processed_repeat", "2.重复申请"),
            ("not_processed_publication", "3.要求提供公开出版物"),
            ("not_processed_excessive_repeated", "4.无正当理由大量反复申请"),
            ("not_processed_confirm_or_reissue", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
)
OTHER_2021: tuple[str, Labels] = (
    "（六）其他处理",
    (
        ("other_no_correction_overdue", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("other_fee_unpaid_overdue", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        ("other_other", "3.其他"),
    ),
)
OTHER_2019 = ("other_handling", "（六）其他处理")
HANDLED = ("total_handled", "（七）总计")
FORWARD = ("carried_forward", "四、结转下年度继续办理")

RESULTS: Labels = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other_result", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
)
DISPUTES = ("review", "litigation_direct", "litigation_after_review")

_OLD_ITEMS: Labels = (("items_prev_year", "上一年项目数量"), ("items_change", "本年增/减"), ("decisions", "处理决定数量"))
_DECISIONS: Labels = (("decisions", "本年处理决定数量"),)
_COERCION: Labels = (("penalties", "行政处罚"), ("coercive_measures", "行政强制"))
_FEES: Labels = (("administrative_fees", "行政事业性收费"),)
TABLE_2: dict[str, tuple[Block, ...]] = {
    "national_2021": (
        Block(
            "art20_1",
            "第二十条第（一）项",
            (("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")),
            (("regulations", "规章"), ("normative_documents", "行政规范性文件")),
        ),
        Block("art20_5", "第二十条第（五）项", _DECISIONS, (("licensing", "行政许可"),)),
        Block("art20_6", "第二十条第（六）项", _DECISIONS, _COERCION),
        Block("art20_8", "第二十条第（八）项", (("amount", "本年收费金额（单位：万元）"),), _FEES),
    ),
    "national_2019": (
        Block(
            "art20_1",
            "第二十条第（一）项",
            (("newly_made", "本年新制作数量"), ("newly_disclosed", "本年新公开数量"), ("total_disclosed", "对外公开总数量")),
            (("regulations", "规章"), ("normative_documents", "规范性文件")),
        ),
        Block(
            "art20_5",
            "第二十条第（五）项",
            _OLD_ITEMS,
            (("licensing", "行政许可"), ("other_management_services", "其他对外管理服务事项")),
        ),
        Block("art20_6", "第二十条第（六）项", _OLD_ITEMS, _COERCION),
        Block("art20_8", "第二十条第（八）项", _OLD_ITEMS[:2], _FEES),
        Block(
            "art20_9",
            "第二十条第（九）项",
            (("projects", "采购项目数量"), ("amount", "采购总金额")),
            (("central_procurement", "政府集中采购"),),
        ),
    ),
}


def outcomes(form: str) -> tuple[str, ...]:
    """Row keys whose sum is ``total_handled``: 21 in the form of 2021, 19 in that of 2019."""
    others = [key for key, _ in OTHER_2021[1]] if form == "national_2021" else [OTHER_2019[0]]
    return tuple([key for key, _ in SINGLE] + [key for _, rows in GROUPS for key, _ in rows] + others)


def table_3_rows(form: str) -> tuple[str, ...]:
    """Row keys of table 3 in print order."""
    return (HEAD[0][0], HEAD[1][0], *outcomes(form), HANDLED[0], FORWARD[0])


def places(form: str) -> list[Place]:
    """Every cell of a form, in print order."""
    second = [("table_2", row, column) for block in TABLE_2[form] for row, _ in block.rows for column, _ in block.columns]
    third = [("table_3", row, column) for row in table_3_rows(form) for column, _ in COLUMNS]
    fourth = [("table_4", "cases", f"{dispute}_{result}") for dispute in DISPUTES for result, _ in RESULTS]
    return second + third + fourth


def public_key(form: str, place: Place) -> Place:
    """The key users meet: rows of table 2 carry their block, ``art20_1.regulations``."""
    table, row, column = place
    block = next((block.key for block in TABLE_2[form] if row in dict(block.rows)), "") if table == "table_2" else ""
    return (table, f"{block}.{row}", column) if block else place
