"""Figures told in sentences: what is read, and, more of it, what is not."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from conftest import Crawled

from harvester import forms, phrases, prose
from harvester.items import Block, Document, Prose, Report
from harvester.reading import read_report
from harvester.restated import RESTATED, compare, mismatches
from harvester.sample.numbers import sheet
from harvester.sample.places import in_year, published
from harvester.sample.printed import cells
from harvester.sample.prose import words
from harvester.sample.world import Article, body, title_of

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
GOVERNMENT, BUREAU, TOWN = "青石县人民政府", "青石县自然资源局", "柳河镇人民政府"


def tell(*texts: str, organ: str = GOVERNMENT, scope: str = "unclear", year: int | None = 2021, form: str = "narrative") -> Report:
    report = Report(kind="report", organ=organ, scope=scope, year=year, form=form)
    prose.fill(Document([Block(text) for text in texts]), report)
    return report


def told(*texts: str, organ: str = GOVERNMENT, scope: str = "unclear", year: int | None = 2021) -> dict[str, float]:
    return {entry.key: entry.value for entry in tell(*texts, organ=organ, scope=scope, year=year).prose}


# Sentences as reports of 2008 to 2025 word them, and what they tell of the report year 2021.
READ: list[tuple[str, dict[str, float]]] = [
    # received
    ("2021年，我县共收到政府信息公开申请12件。", {"requests_received": 12}),
    ("全年收到依申请公开申请０件。", {"requests_received": 0}),
    ("全年共受理政府信息公开申请1 234件。", {"requests_received": 1234}),
    ("2021年度，县政府收到1条依申请公开申请。", {"requests_received": 1}),
    ("本年度共收到公民、法人和其他组织提出的政府信息公开申请１，２３４件。", {}),
    ("本年度共收到公民、法人和其他组织提出的政府信息公开申请1,234件。", {"requests_received": 1234}),
    ("收到政府信息依申请公开办理事项1件，已在规定时间内办结答复。", {"requests_received": 1}),
    ("2021年，全年共收到依申请公开14件（其中信件申请10件，网络申请4件），已办结12件，2件结转下年办理。",
     {"requests_received": 14, "requests_letter": 10, "requests_online": 4, "total_handled": 12, "carried_forward": 2}),
    ("共收到政府信息公开申请513件，连同上年结转的1件，办结512件，结转下一年度2件。",
     {"requests_received": 513, "carried_over": 1, "total_handled": 512, "carried_forward": 2}),
    ("申请办理全程登记。本年新收12件，上年结转3件；到年底办结10件，5件转入下年。",
     {"requests_received": 12, "carried_over": 3, "total_handled": 10, "carried_forward": 5}),
    ("一年来，本机关接到政府信息公开申请十二件。", {"requests_received": 12}),
    ("2021年我局收到信息公开申请二十三件。", {"requests_received": 23}),
    ("年内收到政府信息公开申请近200件。", {"requests_received": 200}),
    ("今年共收到要求公开政府信息的申请7宗。", {"requests_received": 7}),
    ("全年共办理依申请公开0件。", {"requests_handled": 0}),
    ("2021年共处理政府信息公开申请19件。", {"requests_handled": 19}),
    ("收到政府信息公开申请8件，较2020年的5件增加3件。", {"requests_received": 8}),
    ("收到政府信息公开申请8件，同比增长60%，均按时答复。", {"requests_received": 8}),
    ("与上年相比，申请量有所下降，全年收到政府信息公开申请8件。", {"requests_received": 8}),
    ("县自然资源局全年收到政府信息公开申请8件。", {"requests_received": 8}),
    # none
    ("2021年度未收到政府信息公开申请。", {"requests_received": 0}),
    ("2021年没有收到政府信息公开申请，也没有上年转来的申请。", {"requests_received": 0, "carried_over": 0}),
    ("本年度未收到依申请公开事项。", {"requests_received": 0}),
    ("2021年度，未收到法人或者其他组织对依申请公开政府信息的申请。", {"requests_received": 0}),
    ("未收到和处理政府信息公开申请事项，无政府信息公开类行政复议、行政诉讼情况发生。",
     {"requests_received": 0, "reviews": 0, "lawsuits": 0}),
    ("我县全年没有收到依申请公开的申请，未发生因政府信息公开而引起的行政诉讼、举报投诉案件。",
     {"requests_received": 0, "lawsuits": 0, "complaints": 0}),
    ("无依申请公开情况。", {"requests_received": 0}),
    ("未引起政府信息公开方面的行政复议和行政诉讼情形。", {"reviews": 0, "lawsuits": 0}),
    ("未产生针对我县政府信息公开的行政复议与行政诉讼。", {"reviews": 0, "lawsuits": 0}),
    ("2021年，未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", {"reviews": 0, "lawsuits": 0}),
    ("2021年，政府信息公开行政复议、行政诉讼均为0件。", {"reviews": 0, "lawsuits": 0}),
    ("没有因政府信息公开申请行政复议。", {"reviews": 0}),
    # outcomes
    ("依申请公开共答复20件，其中予以公开15件，部分公开2件，不予公开3件。",
     {"granted": 15, "partially_granted": 2, "denied_total": 3, "replies": 20}),
    ("收到申请10件，公开方面，同意公开答复6件，同意部分公开答复1件，不同意公开答复2件。",
     {"requests_received": 10, "granted": 6, "partially_granted": 1, "denied_total": 2}),
    ("申请中，3件予以公开，1件部分公开。", {"granted": 3}),
    ("政府信息公开申请中属于国家秘密1件，属于三类内部事务信息2件，属于四类过程性信息3件，属于行政执法案卷4件，属于行政查询事项5件。",
     {"denied_state_secret": 1, "denied_internal_affairs": 2, "denied_process_information": 3, "denied_enforcement_case_file": 4,
      "denied_administrative_query": 5}),
    ("申请办结情况：无法提供8件，本机关不掌握相关政府信息6件，没有现成信息需要另行制作1件，补正后申请内容仍不明确1件。",
     {"unable_total": 8, "unable_not_held": 6, "unable_needs_creation": 1, "unable_still_unclear": 1}),
    ("政府信息公开申请不予处理4件：信访举报投诉类申请1件，重复申请2件，无正当理由大量反复申请1件。",
     {"not_processed_total": 4, "not_processed_petition_complaint": 1, "not_processed_repeat": 2, "not_processed_excessive_repeated": 1}),
    ("办理的申请中做其他处理11件。", {"other_handling": 11}),
    # reviews and lawsuits
    ("因政府信息公开被申请行政复议3件，被提起行政诉讼1件。", {"reviews": 3, "lawsuits": 1}),
    ("因政府信息公开引起的行政复议案件9件，已审结。", {"reviews": 9}),
    ("2021年度发生因政府信息公开引发的行政复议3件，未发生因政府信息公开引发的行政诉讼案件。", {"reviews": 3, "lawsuits": 0}),
    ("政府信息公开行政复议、行政诉讼分别为2件、1件。", {"reviews": 2, "lawsuits": 1}),
    ("收到政府信息公开申请14件，其中上年结转2件。", {"carried_over": 2}),
    ("收到政府信息公开申请14件（含上年结转2件）。", {"carried_over": 2}),
    ("政府信息公开引起的行政复议2件，未经复议直接起诉3件，复议后起诉1件。",
     {"reviews": 2, "litigation_direct_total": 3, "litigation_after_review_total": 1}),
    ("信息公开方面被提起2起行政复议。", {"reviews": 2}),
    # disclosed
    ("我县全年共主动公开政府信息951条，主要涉及民生实事方面。", {"disclosed_items": 951}),
    ("2021年主动公开政府信息数2030条。", {"disclosed_items": 2030}),
    ("全年主动公开各类政府信息近30万条。", {"disclosed_items": 300000}),
    ("全年主动公开政府信息1.17万条。", {"disclosed_items": 11700}),
    ("全年公开各类信息1000余条。", {"disclosed_items": 1000}),
    ("这一年来，县政府主动公开信息33条，其中：机构领导1条，机构设置1条。", {"disclosed_items": 33}),
    ("2021年主动公开33条政府信息。", {"disclosed_items": 33}),
    ("一年来共有120条信息对外公开。", {"disclosed_items": 120}),
    ("2021年通过政府网站主动公开信息73条，其中：统计数据12条，工作动态信息21条。", {"channel_website": 73}),
    ("全年通过门户网站、微信公众号等渠道主动公开政府信息800条。", {"disclosed_items": 800}),
    ("全年在政府网页上公开各类信息50余条。", {"channel_website": 50}),
    ("主动公开政府信息281条，其中通过网站公开258条、微信公众号20条、公告3条。",
     {"disclosed_items": 281, "channel_website": 258, "channel_wechat": 20}),
    ("全年通过政务微博发布政务信息106条，微信公众号发布信息107条。", {"channel_weibo": 106, "channel_wechat": 107}),
    ("发布政策解读信息7条。", {"policy_interpretations": 7}),
    ("全年制发规范性文件5件。", {"normative_documents_issued": 5}),
    ("2021年制定出台行政规范性文件十二件。", {"normative_documents_issued": 12}),
    ("主动公开行政规范性文件42件。", {"disclosed_normative_documents": 42}),
    ("全年举办191场市政府新闻发布活动。", {"press_conferences": 191}),
    ("开展在线访谈12次。", {"online_interviews": 12}),
    ("对外公开规章总数量为0篇，规范性文件662篇，行政许可31969项，行政处罚3681项，行政强制130项，政府集中采购项目数量为1277项，总金额为69608.8964万元。",
     {"regulations_total_disclosed": 0, "normative_documents_total_disclosed": 662, "licensing_decisions": 31969,
      "penalties_decisions": 3681, "coercive_measures_decisions": 130, "procurement_projects": 1277, "procurement_amount": 69608.8964}),
    ("本年度行政事业性收费合计12.3456万元。", {"administrative_fees": 12.3456}),
    # fees
    ("发出收费通知的件数和总金额以及实际收取的总金额均为0。",
     {"fee_notices_issued": 0, "fee_notices_amount_yuan": 0, "fee_collected_yuan": 0}),
    ("依照《政府信息公开信息处理费管理办法》，本年度发出收费通知0件，总金额0元，实际收取0元。",
     {"fee_notices_issued": 0, "fee_notices_amount_yuan": 0, "fee_collected_yuan": 0}),
    ("2021年发出信息处理费收费通知2件，总金额400元，实际收取400元。",
     {"fee_notices_issued": 2, "fee_notices_amount_yuan": 400, "fee_collected_yuan": 400}),
    ("2021年，无收取信息处理费情况。", {"fee_collected_yuan": 0}),
    ("2021年全市实际收取信息处理费共计400元。", {"fee_collected_yuan": 400}),
    ("2021年未收取政府信息公开信息处理费。", {"fee_collected_yuan": 0}),
    ("2021年没有发出信息处理费收费通知，也没有收取任何费用。", {"fee_notices_issued": 0, "fee_collected_yuan": 0}),
    ("实际收取信息处理费1.2万元。", {"fee_collected_yuan": 12000}),
    ("我县2021年未收取依申请公开政府信息的检索、复制、邮寄等费用。", {"fee_collected_yuan": 0}),
    # people and training
    ("从事政府信息公开工作人员6名，其中专职人员2名，兼职人员4名。", {"staff": 6, "staff_full_time": 2, "staff_part_time": 4}),
    ("全县配备了132名专、兼职政府信息公开工作人员。", {"staff": 132}),
    ("全县设立政府信息公开查阅点15个。", {"reading_points": 15}),
    ("全年举办政府信息公开培训班3期，培训人员260人次。", {"trainings": 3, "trainees": 260}),
    ("2021年共召开政府信息公开工作会议2次。", {"meetings": 2}),
    ("召开2次政务公开工作推进会。", {"meetings": 2}),
    ("2021年政府网站访问量1200万次。", {"page_views": 12000000}),
    ("2021年，共接受政府信息公开方面的咨询2070人次。", {"inquiries": 2070}),
]  # fmt: skip

# What looks like a figure of the report year and is none, or not surely this one.
TRAPS = [
    # other years, parts of a year, totals over years
    "2020年，我县共收到政府信息公开申请12件。",
    "上年收到政府信息公开申请12件。",
    "去年主动公开政府信息300条。",
    "2022年，计划举办政府信息公开培训班3期。",
    "比上年增加政府信息公开申请12件。",
    "收到申请量较2020年的30件有所增加，公开有序。",
    "2021年上半年收到政府信息公开申请5件。",
    "1-6月收到政府信息公开申请5件。",
    "第三季度主动公开政府信息30条。",
    "3月举办政府信息公开培训班1期。",
    "自2008年5月1日《条例》施行以来，主动公开政府信息12000条。",
    "网站开通以来，累计公开政府信息12000条。",
    "截至2021年底，累计主动公开政府信息5928条。",
    "历年累计收到政府信息公开申请120件。",
    "累计公开信息3000条。",
    "2019年至2021年，共收到政府信息公开申请30件。",
    "2019-2021年公开政府信息900条。",
    "2019年以来未收到过政府信息公开申请。",
    "去年未收到政府信息公开申请。",
    # plans, rules, bounds, rates
    "下一步，计划主动公开政府信息500条。",
    "要求各栏目公开信息不少于20条。",
    "每月公开信息20条。",
    "每季度组织政府信息公开培训会1次。",
    "力争全年公开政府信息1000条。",
    "在收到申请之日起20个工作日内予以答复。",
    "政府信息公开申请办结率100%。",
    "公开政府信息占比35%。",
    "公开信息同比增长15%。",
    "公开政府信息3-5条。",
    "公开信息数十条。",
    "公开信息几十条，收到申请若干件。",
    # documents, articles, dates, places
    "根据国办公开办函〔2019〕60号公开政府信息。",
    "依据《条例》第二十条、第二十一条公开政府信息。",
    "按照国务院令第711号的要求公开信息。",
    "联系电话0391-6633033，邮编450000，申请公开。",
    "12345热线收到申请。",
    "依据《行政复议法》《行政诉讼法》处理信息公开事项。",
    "会议室8楼802室可查阅公开信息。",
    # parts of a sum
    "其中，主动公开政府信息30条。",
    "各类公开载体中包括公开信息20条。",
    "政府信息公开申请中，其中已办结12件。",
    "重点领域公开信息1323条。",
    "教育栏目公开信息52条。",
    # other organs
    "所属单位共收到政府信息公开申请20件。",
    "各乡镇主动公开政府信息2000条。",
    "各部门未收到政府信息公开申请。",
    "县教育局收到政府信息公开申请20件。",
    "白马县共收到政府信息公开申请20件。",
    "桐乡市政府主动公开政府信息200条。",
    "县公安局主动公开信息88条，县民政局主动公开信息90条。",
    "县公安局：主动公开信息88条。",
    "12个部门未收到政府信息公开申请。",
    "部分乡镇未收到政府信息公开申请。",
    "通过县电视台公开信息20条。",
    "通过多种渠道公开信息20条。",
    "公开行政处罚决定书120件。",
    "减免行政事业性收费300万元。",
    "若未收到政府信息公开申请，按零填报。",
    "如果没有依申请公开情况，公开年报时注明。",
    "上年结转资金2项，公开使用情况。",
    "没有依申请公开平台。",
    "依法应当公开而没有申请的，主动公开。",
    # other things than the key's
    "收到行政复议申请3件，公开审理。",
    "收到许可申请300件，公开办理结果。",
    "收到补贴申请300件并公开公示。",
    "县长信箱共受理有效信件180件，已办结180件，公开回复。",
    "收到网民留言建议30条，答复30条，公开25条。",
    "公开县人大代表建议办理结果169件，政协委员提案办理结果110件。",
    "公开行政许可结果1200件。",
    "全年办理行政复议案件120件，公开文书80份。",
    "公开审理行政诉讼案件12件。",
    "参加行政诉讼应诉5件，信息公开率100%。",
    "复议后提起行政诉讼2件，公开庭审。",
    "收到政府信息公开申请答复后的感谢信3封。",
    "收到更正政府信息申请2件。",
    "通过网络收到政府信息公开申请4件。",
    "收到网上申请4件，信息公开平台运行正常。",
    "按时办结政府信息公开申请10件。",
    "信函、传真申请共3件，属政府信息公开申请。",
    "受理投诉举报3000件，公开处理结果。",
    "行政复议、行政诉讼各1件，均与信息公开有关。",
    "微博、微信公众号分别发布信息337条、757条。",
    "通过微博、微信公众号发布信息337条。",
    "微信公众号关注人数3万人，公开及时。",
    "单篇最高访问量5万次。",
    "累计访问量1200万次。",
    "图文解读5篇，视频解读3个。",
    "参加上级政务公开培训3次。",
    "组织参加省政府信息公开培训会3次。",
    "组织消防培训12次，信息公开及时。",
    "召开县政府常务会议16次并公开。",
    "召开新闻发布会培训会2次。",
    "废止规范性文件5件。",
    "审查规范性文件30件，公开率100%。",
    "应收费用5000元，公开收费标准。",
    "行政许可事项200项全部公开。",
    "发出收费通知后20日内缴纳。",
    "依申请提供政府信息不收取费用。",
    # no zero
    "未按时答复政府信息公开申请的情况不存在。",
    "因未按时答复被申请行政复议。",
    "未发生行政复议被纠错、行政诉讼败诉情况，信息公开规范。",
    "政府信息公开没有发生行政诉讼案件败诉的情况。",
    "2021年度未发生依申请公开政府信息超期答复。",
    "没有收到对政府信息公开申请答复不服的意见。",
    "未收到书面申请，信息公开窗口照常开放。",
    "未发生因超期答复政府信息公开申请引发的行政复议。",
    "未发生失泄密情况，公开信息安全。",
    "无",
    "暂无其它需要报告的事项。",
    "没有其他需要报告的事项。",
    "本年度无其他需要报告的有关收费的事项。",
    "无正当理由大量反复申请的，不予处理。",
    "申请公开的信息不存在的，未收到申请人补正。",
    "无偿提供政府信息。",
    "无法提供政府信息的，告知申请人。",
    # broken print
    "收到政府信息公开申请5 13件。",
    "收到政府信息公开申请201911日起至1231日件。",
    "公开信息1，200件为文件。",
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "figures"), READ)
def test_read(sentence: str, figures: dict[str, float]) -> None:
    organ = BUREAU if "局" in sentence else GOVERNMENT
    assert told(sentence, organ=organ) == figures


@pytest.mark.parametrize("sentence", TRAPS)
def test_trap(sentence: str) -> None:
    assert told(sentence) == {}


def test_there_are_enough_of_both() -> None:
    assert len(READ) + len(TRAPS) >= 170
    assert len(TRAPS) >= len(READ)


# --- the report around the sentence --------------------------------------------------------------------------------------------------


def test_a_row_quotes_its_sentence_and_names_its_section() -> None:
    report = tell("一、总体情况", "工作有序开展。全年主动公开信息50余条。公开及时。", form="national_2021")
    assert report.prose == [Prose("disclosed_items", 50, "条", "section_1_overview", "全年主动公开信息50余条。", 10)]


def test_of_a_long_sentence_the_part_that_tells_is_quoted() -> None:
    report = tell("稳步推进公开工作，" * 40 + "；全年主动公开信息50条；" + "成效明显，" * 20)
    assert [entry.sentence for entry in report.prose] == ["全年主动公开信息50条；"]


def test_zero_told_in_words_has_no_unit_and_money_always_has() -> None:
    report = tell("未收到政府信息公开申请，实际收取信息处理费1.2万元。")
    assert [(entry.value, entry.unit) for entry in report.prose] == [(0, None), (12000, "元")]


def test_sections_two_to_four_of_the_forms_are_told_by_their_tables() -> None:
    lines = ["一、总体情况", "主动公开信息1条。", "三、收到和处理政府信息公开申请情况", "收到政府信息公开申请2件。",
             "六、其他需要报告的事项", "实际收取信息处理费3元。"]  # fmt: skip
    assert [entry.key for entry in tell(*lines, form="national_2021").prose] == ["disclosed_items", "fee_collected_yuan"]
    assert [entry.key for entry in tell(*lines).prose] == ["disclosed_items", "requests_received", "fee_collected_yuan"]


def test_the_annex_of_a_prose_report_is_no_prose() -> None:
    assert told("一、概述", "主动公开信息1条。", "附表", "收到政府信息公开申请2件") == {"disclosed_items": 1}


def test_what_was_spoken_of_comes_from_the_heading_or_the_sentences_before() -> None:
    assert told("（二）依申请公开情况", "予以公开的6件，部分公开的1件。") == {"granted": 6, "partially_granted": 1}
    assert told("（二）行政许可情况", "予以公开的6件，部分公开的1件。") == {}
    assert told("收到政府信息公开申请9件。全部办结9件。") == {"requests_received": 9, "total_handled": 9}
    assert told("收到政府信息公开申请9件。县长信箱来信30封，办结30件。") == {"requests_received": 9}


def test_a_year_named_before_holds_for_the_sentences_after() -> None:
    assert told("2020年工作稳步推进。收到政府信息公开申请9件。") == {}
    assert told("2020年工作稳步推进。2021年收到政府信息公开申请9件。") == {"requests_received": 9}
    assert told("2021年收到政府信息公开申请9件。", year=2020) == {}
    assert told("2021年收到政府信息公开申请9件。", year=None) == {}


def test_whose_number_it_is() -> None:
    whole = "全县共收到政府信息公开申请9件。"
    assert told(whole, organ=GOVERNMENT) == {"requests_received": 9}
    assert told(whole, organ=BUREAU) == {}, "a bureau tells of its county"
    assert told("我县共收到政府信息公开申请9件。", organ=BUREAU) == {}
    assert told("我局共收到政府信息公开申请9件。", organ=BUREAU) == {"requests_received": 9}
    assert told("县自然资源局共收到政府信息公开申请9件。", organ=BUREAU) == {"requests_received": 9}
    assert told("县教育局共收到政府信息公开申请9件。", organ=BUREAU) == {}
    assert told("我镇共收到政府信息公开申请9件。", organ=TOWN) == {"requests_received": 9}
    assert told("石桥镇共收到政府信息公开申请9件。", organ=TOWN) == {}
    assert told("各乡镇、各部门共收到政府信息公开申请9件。") == {}
    assert told("各乡镇、各部门共收到政府信息公开申请9件。", scope="consolidated") == {"requests_received": 9}
    assert told("全县各级行政机关共收到政府信息公开申请9件。", scope="consolidated") == {"requests_received": 9}
    assert told("县公安局收到政府信息公开申请9件，占全县的一半。", scope="consolidated") == {}
    assert told("全县12个部门未收到政府信息公开申请。", scope="consolidated") == {}


def test_a_figure_told_with_two_numbers_is_neither() -> None:
    report = tell("收到政府信息公开申请9件。", "共收到政府信息公开申请10件。")
    assert report.prose == []
    assert [issue.code for issue in report.issues] == ["prose_contradiction"]
    assert "9件" in report.issues[0].message and "10件" in report.issues[0].message


def test_a_round_number_and_an_exact_one_agree() -> None:
    report = tell("主动公开政府信息近2000条。", "主动公开政府信息1987条。")
    assert [entry.value for entry in report.prose] == [1987]
    assert report.issues == []


def test_two_trainings_are_no_contradiction_and_no_sum() -> None:
    report = tell("举办政务公开培训班1期。", "举办政府信息公开培训会2次。")
    assert (report.prose, report.issues) == ([], [])


@pytest.mark.parametrize("text", ["1" * 5000 + "件", "收到申请" * 3000, "（" * 3000 + "1件", "未" * 5000 + "申请", "公开信息1条，" * 3000])
def test_hostile_lengths(text: str) -> None:
    assert len(tell(text).prose) <= 1


# --- prose against tables ------------------------------------------------------------------------------------------------------------

PAGES = Path(__file__).parent / "pages"


def seed(number: str) -> Report:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    return read_report(path.read_bytes(), path.name)


def compared(*texts: str) -> dict[str, tuple[float | None, str]]:
    """A report with its tables (2 requests, all granted or denied, no dispute) and sentences of ours."""
    page = (PAGES / "form_2021_with_single_other_handling" / "page.html").read_text("utf-8")
    report = read_report(page.encode())
    report.prose = tell(*texts, organ=report.organ, year=report.year).prose
    return {entry.prose.key: (entry.table_value, entry.outcome) for entry in compare(report)}


def test_every_restated_figure_is_a_key_of_the_rules_and_a_cell_of_a_form() -> None:
    assert set(RESTATED) <= {rule.key for _, rule in phrases.RULES}
    cells = {place for form_id in forms.form_ids() for place in forms.load(form_id).places}
    places = {place for ways in RESTATED.values() for way in ways for place in way}
    assert {place for place in places if place.table != "statistics"} <= cells


def test_agreement_mismatch_and_unknown() -> None:
    page = (PAGES / "form_2021_with_single_other_handling" / "page.html").read_text("utf-8")
    report = read_report(page.encode())
    value = next(figure.value for figure in report.figures if (figure.row, figure.column) == ("new_received", "total"))
    assert value is not None
    assert compared(f"收到政府信息公开申请{value}件。") == {"requests_received": (value, "pass")}
    assert compared(f"收到政府信息公开申请{value + 1}件。") == {"requests_received": (value, "fail")}
    assert compared("主动公开政府信息20条。") == {}, "the form does not print it"


def test_a_mismatch_is_told_with_sentence_numbers_and_cell() -> None:
    page = (PAGES / "form_2021_with_single_other_handling" / "page.html").read_text("utf-8")
    report = read_report(page.encode())
    report.prose = [Prose("requests_received", 987, "件", "section_1_overview", "收到政府信息公开申请987件。")]
    (issue,) = mismatches(report)
    assert (issue.code, issue.where) == ("prose_mismatch", "section_1_overview")
    assert "987" in issue.message and "table_3/new_received/total" in issue.message and "收到政府信息公开申请987件。" in issue.message


@pytest.mark.parametrize(
    ("value", "slack", "printed", "outcome"),
    [(50, 10, 57, "pass"), (50, 10, 61, "fail"), (1000, 1000, 1890, "pass"), (11700, 100, 11703, "pass"), (11700, 100, 11900, "fail")],
)
def test_round_numbers_agree_within_their_rounding(value: int, slack: int, printed: int, outcome: str) -> None:
    page = (PAGES / "form_2021_with_single_other_handling" / "page.html").read_text("utf-8")
    report = read_report(page.encode())
    for figure in report.figures:
        if (figure.row, figure.column) == ("new_received", "total"):
            figure.value, figure.status = printed, "printed"
    report.prose = [Prose("requests_received", value, "件", "", "", slack)]
    assert [entry.outcome for entry in compare(report)] == [outcome]


# --- the sample corpus ---------------------------------------------------------------------------------------------------------------

# Names that truth.json gives to figures whose key is another here.
RENAMED = {
    "proactive_disclosed_items": "disclosed_items", "review_total": "reviews", "litigation": "lawsuits",
    "normative_total_disclosed": "normative_documents_total_disclosed", "penalty_decisions": "penalties_decisions",
    "coercive_decisions": "coercive_measures_decisions",
}  # fmt: skip


@pytest.mark.skipif(not SEEDS.exists(), reason="the sample corpus is not here")
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_seeds_tell_what_is_known_of_them(number: str) -> None:
    truth = next(entry for name, entry in json.loads((SEEDS / "truth.json").read_text("utf-8"))["seeds"].items() if name.startswith(number))
    known = {key: entry["value"] if isinstance(entry, dict) else entry for key, entry in truth["prose"].items()}
    for entry in truth["prose"].values():
        known |= {key: value for key, value in entry.get("parts", {}).items() if key.isascii()} if isinstance(entry, dict) else {}
    known |= {key: value for key, value in truth["section_6"].items() if key != "text" and value is not None}
    expected = {RENAMED.get(key, key): value for key, value in known.items()}
    if number == "003":  # 在政府网页上公开: one channel; 未发生…举报投诉
        expected["channel_website"] = expected.pop("disclosed_items")
        expected["complaints"] = 0
    assert {entry.key: entry.value for entry in seed(number).prose} == expected


@pytest.mark.skipif(not SEEDS.exists(), reason="the sample corpus is not here")
def test_the_sentences_of_the_seeds_agree_with_their_tables() -> None:
    outcomes = [entry.outcome for entry in compare(seed("001"))]
    assert outcomes == ["pass"] * 21
    assert {entry.outcome for number in ("003", "004") for entry in compare(seed(number))} == {"pass"}


# --- the sample portals --------------------------------------------------------------------------------------------------------------

# What their sentences name (harvester/sample/prose.py) -> keys.
SAID = {
    "requests_received": "new", "carried_over": "carried", "total_handled": "handled", "replies": "handled", "carried_forward": "forward",
    "granted": "granted", "partially_granted": "partial", "fee_notices_issued": "notices", "fee_notices_amount_yuan": "fee",
    "fee_collected_yuan": "fee", "disclosed_items": "posts", "channel_website": "posts", "reading_points": "points",
    "trainings": "classes", "trainees": "people",
}  # fmt: skip


def test_every_sample_report_is_told_right_and_agrees_with_its_tables() -> None:
    told_keys: list[str] = []
    for key, year in published():
        organ, counts = in_year(key, year), sheet(key, year)
        said = words(organ, year, cells(key, year, 1), counts)
        page = f"<html><title>{title_of(key, year)}</title><body>{body(Article('', 0, '', '', '', key, year), 1)}</body></html>"
        report = read_report(page.encode())
        stated = {entry.key: entry.value for entry in report.prose}
        assert {name: value for name, value in stated.items() if name in SAID and value not in (0, said[SAID[name]])} == {}
        assert {entry.outcome for entry in compare(report)} <= {"pass"}
        assert not [issue for issue in report.issues if issue.code.startswith("prose_")]
        if year == 2018:
            disputes = {"reviews": "review_total", "lawsuits": "litigation_direct_total"}
            assert {name: stated[name] for name in disputes} == {name: counts["table_4", "cases", row] for name, row in disputes.items()}
        told_keys += stated
    assert len(published()) == told_keys.count("requests_received") == told_keys.count("granted")
    assert len(told_keys) > 1000


def test_the_belt_keeps_what_sentences_tell(crawled: Crawled) -> None:
    connection = sqlite3.connect(f"file:{crawled.database}?mode=ro", uri=True)
    reports, told_of, empty = connection.execute(
        "SELECT (SELECT count(*) FROM reports), count(DISTINCT report_id), sum(sentence = '' OR section = '') FROM prose"
    ).fetchone()
    connection.close()
    assert (told_of, empty) == (reports, 0)
