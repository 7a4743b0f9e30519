"""The sentences of a report: sections one, five and six of the modern outline, and the whole of a report from before the forms."""

from __future__ import annotations

from typing import NamedTuple

from harvester.sample.numbers import Dice, Sheet
from harvester.sample.places import Organ
from harvester.sample.printed import Cells, ten_thousands


class Line(NamedTuple):
    """A line of the report: a section heading, or a paragraph."""

    text: str
    heading: bool = False


PREFACES = (
    "按照《中华人民共和国政府信息公开条例》（以下简称《条例》）第五十条的要求，{name}编写了{year}年政府信息公开工作年度报告，现予公布。"
    "报告中的数字从{year}年1月1日算起，到12月31日为止。",
    "这是{name}向社会公布的{year}年度政府信息公开工作报告，依据《条例》编制，统计时段为{year}年1月1日至12月31日。"
    "对报告内容有疑问的，可在工作时间与政务公开工作人员联系。",
    "现将{name}{year}年政府信息公开工作情况报告如下，全文可在{site}门户网站查阅和下载。",
)
CONSOLIDATED = (
    "本报告由{name}办公室汇总所属各部门和下级政府的年度报告编制而成，所列数据为{called}各级行政机关的合计数。",
    "本报告根据{called}各级行政机关报送的年度报告综合编制，数据经逐级核对汇总。",
)
PROACTIVE = (
    "{year}年，{called}把{topic}作为公开的重点，全年在门户网站发布信息{posts}条，其中政策解读{guides}篇，内容更新由专人每周核对一次。",
    "围绕{topic}，{called}梳理了应当公开的事项清单，逐项定下栏目、时限和责任科室，{year}年共公开信息{posts}条，配发图文解读{guides}篇。",
    "{called}坚持谁制作谁公开，{year}年主动公开信息{posts}条。群众问得最多的是{topic}，为此另外整理了{guides}篇问答式解读。",
    "一年来共有{posts}条信息对外公开，{topic}占了一半以上；涉及面广的文件做到与解读材料同日上线，全年解读{guides}篇。",
)
REQUESTS = (
    "{year}年{called}共收到政府信息公开申请{new}件，连同上年结转的{carried}件，办结{handled}件，结转下一年度{forward}件。"
    "办结的申请中，予以公开{granted}件，部分公开{partial}件。",
    "全年新收申请{new}件、上年转来{carried}件，已答复{handled}件，另有{forward}件仍在法定期限之内。予以公开的{granted}件，部分公开的{partial}件。",
    "申请办理全程登记，答复前由法制人员过一遍。本年新收{new}件，上年结转{carried}件；到年底办结{handled}件，{forward}件转入下年。"
    "其中全部公开{granted}件，部分公开{partial}件。",
)
NO_REQUESTS = (
    "{year}年{called}没有收到政府信息公开申请，也没有上年转来的申请。",
    "本年度未收到依申请公开事项。受理电话、信箱和现场窗口均保持畅通，来人咨询的由值班人员当场解答。",
)
MANAGEMENT = (
    "信息发布前须经起草人、科室负责人和分管领导三道签字，涉及个人身份、住址的内容先做遮盖再上网。",
    "对网站历年发布的文件清点了一遍，失效的{old}件加注标识，链接打不开的逐条修补，存档目录与网上目录做到对得上。",
    "修订了信息审查办法，把“该不该公开、能不能公开”写进公文拟稿单，没有填写公开属性的文稿不予编号。",
    "年内集中校对栏目两次，改正错字和过期信息{old}处，文件库增加了按主题和按年份查找的入口。",
)
PLATFORM = (
    "门户网站信息公开专栏按统一目录调整，公众号与网站同步推送，线下在办事大厅设查阅点{points}处，备有电脑和纸质目录。",
    "政务新媒体只留一个账号，其余并入，更新频次和回复速度都有提升；图书馆、档案馆等{points}处查阅点照常开放。",
    "网站改版后公开专栏移到首页显著位置，老年人可用大字版；年报、指南、目录三个栏目按季检查，查阅点共{points}处。",
)
OVERSIGHT = (
    "政务公开列入年终考核，占{share}分；年内组织业务培训{classes}次，参加人员{people}人次，没有发生需要追究责任的情形。",
    "举办培训{classes}次，{people}人次参加；请律师就答复文书作了点评，对答复超期的苗头及时提醒，未出现责任追究。",
    "每季度抽查一次公开栏目，结果在内部通报；培训{classes}次、{people}人次，考核分值为{share}分，社会评议结果为良好以上。",
)
# Sentences that fill out any of the five parts of section one.
MORE = (
    "分管负责人全年专题听取公开工作汇报{classes}次，对群众反映集中的栏目当场定下整改期限。",
    "{called}还通过公示栏、广播和入户走访把与群众关系密切的内容送到不上网的人手里。",
    "年中请{points}名退休干部和企业代表浏览专栏，提出的意见多数已经采纳。",
    "相关栏目全年点击量比上年有所增加，停留时间最长的是{topic}方面的内容。",
    "对外公布的咨询电话设专人值守，来电记录按周汇总，反复出现的问题写进常见问答。",
    "与档案部门约定了移交时间，公开后满五年的文件可以在线上直接检索全文。",
    "公开前的利益相关方意见征询留有书面记录，没有因为征询而超过期限。",
    "工作人员变动时办理交接清单，账号和口令随人变更，没有发生误发信息的情况。",
)
PROBLEMS = (
    "过去一年的工作还有不足：解读材料多是文字，图表和视频少；答复文书的说理部分偏短，申请人有时看不明白。",
    "主要问题有两个：一是经办人员换得勤，新手对《条例》条文不熟；二是部分信息发布偏晚，与会议、文件不同步。",
    "对照群众期待，公开的深度还不够，数据类信息只给总数不给明细；线下查阅点去的人少，作用没有充分发挥。",
)
PLANS = (
    "下一年，{called}准备做三件事：给经办人员配一本办理手册；重要文件的解读与文件一起送审；每半年回访一次申请人。",
    "{next_year}年将把{topic}的公开目录细化到每个环节，试行答复文书互评，并请群众代表参加开放日。",
    "接下来，重点是练好基本功：新任人员先培训后上岗，超过五个工作日未更新的栏目自动提醒，解读增加图表。",
)
FEES_NONE = (
    "{year}年没有发出信息处理费收费通知，也没有收取任何费用。",
    "依照《政府信息公开信息处理费管理办法》，本年度发出收费通知0件，总金额0元，实际收取0元。",
    "没有其他需要报告的事项。",
)
FEES_SOME = "{year}年发出信息处理费收费通知{notices}件，总金额{fee}元，实际收取{fee}元。其他事项无。"


def words(organ: Organ, year: int, cells: Cells, counts: Sheet) -> dict[str, object]:
    """Everything a sentence of this report can name: the organ, the year, printed counts, and small numbers of its own."""
    dice = Dice("prose", organ.key, year)
    return {
        "name": organ.name,
        "called": organ.called,
        "topic": organ.topic,
        "site": organ.name if organ.name.endswith("人民政府") else "政府",
        "year": year,
        "next_year": year + 1,
        "posts": dice.between(20, 90) + organ.size * 3 + 900 * len(organ.parts),
        "guides": dice.between(2, 40),
        "old": dice.between(3, 60),
        "points": dice.between(1, 9),
        "share": dice.between(3, 8),
        "classes": dice.between(1, 5),
        "people": dice.between(12, 260),
        "notices": dice.between(1, 3),
        "fee": dice.between(4, 60) * 10,
    } | _told(cells, counts)


def _told(cells: Cells, counts: Sheet) -> dict[str, object]:
    """The counts that the prose repeats, as the table prints them (a blank is told as 0)."""
    names = {
        "new": "new_received",
        "carried": "carried_over",
        "handled": "total_handled",
        "forward": "carried_forward",
        "granted": "granted",
        "partial": "partially_granted",
    }
    places = {name: ("table_3", row, "total") for name, row in names.items()}
    return {name: (cells[place][1] or 0) if place in cells else counts[place] for name, place in places.items()}


def overview(organ: Organ, year: int, said: dict[str, object]) -> list[Line]:
    """Preface and section one."""
    dice = Dice("overview", organ.key, year)
    preface = [_pick(dice, PREFACES)] + ([_pick(dice, CONSOLIDATED)] if organ.parts else [])
    idle = not (said["new"] or said["carried"])
    banks = (
        ("主动公开情况", PROACTIVE),
        ("依申请公开情况", NO_REQUESTS if idle else REQUESTS),
        ("政府信息管理情况", MANAGEMENT),
        ("政府信息公开平台建设情况", PLATFORM),
        ("监督保障情况", OVERSIGHT),
    )
    first = dice.between(0, len(MORE) - 1)  # no sentence twice in a report
    parts = [
        f"（{numeral}）{title}。{_pick(dice, bank)}{MORE[(first + index) % len(MORE)]}"
        for index, (numeral, (title, bank)) in enumerate(zip("一二三四五", banks, strict=True))
    ]
    lines = [*map(Line, preface), Line("一、总体情况", True), *map(Line, parts)]
    return [line._replace(text=line.text.format_map(said)) for line in lines]


def closing(organ: Organ, year: int, said: dict[str, object]) -> list[Line]:
    """Sections five and six."""
    dice = Dice("closing", organ.key, year)
    paid = organ.size > 100 and year > 2020
    lines = [
        Line("五、存在的主要问题及改进情况", True),
        Line(_pick(dice, PROBLEMS)),
        Line(_pick(dice, PLANS)),
        Line("六、其他需要报告的事项", True),
        Line(FEES_SOME if paid else _pick(dice, FEES_NONE)),
    ]
    return [line._replace(text=line.text.format_map(said)) for line in lines]


def narrative(organ: Organ, year: int, said: dict[str, object], counts: Sheet) -> list[Line]:
    """A report without tables, in the outline used before 2019: every number stands in a sentence."""
    dice = Dice("narrative", organ.key, year)
    cases = {dispute: counts["table_4", "cases", f"{dispute}_total"] for dispute in ("review", "litigation_direct")}
    fees = ten_thousands(counts["table_2", "administrative_fees", "amount"])
    lines = [
        Line(_pick(dice, PREFACES)),
        *([Line(_pick(dice, CONSOLIDATED))] if organ.parts else []),
        Line("一、概述", True),
        Line(_pick(dice, MANAGEMENT)),
        Line(_pick(dice, PLATFORM)),
        Line("二、主动公开政府信息情况", True),
        Line("{year}年，{called}共主动公开政府信息{posts}条，其中政策解读{guides}篇。公开的内容主要是{topic}。"),
        Line("三、依申请公开政府信息办理情况", True),
        Line(
            "{year}年，{called}共收到政府信息公开申请{new}件，办结{handled}件，结转下年{forward}件。其中同意公开{granted}件，部分公开{partial}件。"
        ),
        Line("四、政府信息公开的收费及减免情况", True),
        Line(f"本年度行政事业性收费合计{fees}万元；就提供政府信息未向申请人收取检索、复制、邮寄费用。"),
        Line("五、因政府信息公开申请行政复议、提起行政诉讼的情况", True),
        Line(f"因政府信息公开被申请行政复议{cases['review']}件，被提起行政诉讼{cases['litigation_direct']}件。"),
        Line("六、存在的主要问题和改进措施", True),
        Line(_pick(dice, PROBLEMS)),
        Line(_pick(dice, PLANS)),
    ]
    return [line._replace(text=line.text.format_map(said)) for line in lines]


def _pick(dice: Dice, bank: tuple[str, ...]) -> str:
    return bank[dice.between(0, len(bank) - 1)]
