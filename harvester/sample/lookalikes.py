"""What stands in the same lists and is no report: look-alikes by title, and one whose title convinces and whose body is a notice."""

from __future__ import annotations

from typing import NamedTuple

from harvester.sample.tables import Cell, Table


class LookAlike(NamedTuple):
    """A page that must be rejected. ``convincing``: only its body tells."""

    title: str
    published: str
    paragraphs: tuple[str, ...]
    table: Table | None = None
    convincing: bool = False


WEBSITE_TABLE: Table = [
    [Cell("网站名称"), Cell("青岚市人民政府门户网站", 1, 3)],
    [Cell("独立用户访问总量（单位：个）"), Cell("1862044"), Cell("网站总访问量（单位：次）"), Cell("9410377")],
    [Cell("信息发布（单位：条）", 3), Cell("总数"), Cell("20418", 1, 2)],
    [Cell("概况类信息更新量"), Cell("311", 1, 2)],
    [Cell("政务动态信息更新量"), Cell("17620", 1, 2)],
    [Cell("政策解读材料数量"), Cell("402"), Cell("收到留言数量（单位：条）"), Cell("3377")],
]
NOTICE = (
    "市直各学校、各县（市、区）教育主管部门：",
    "为做好本系统年度报告的编写，现就有关事项通知如下。一、各单位于1月10日前把填好的表格和文字稿一并送局办公室，逾期不候。",
    "二、数字由经办人填写、负责人签字，前后两年对不上的，要附一页纸说明原因。三、文字部分不超过一千字，不得照搬上年内容。",
    "四、报告由局办公室审定后统一上网，各单位不要自行发布。联系人：办公室值班员；电话：0000-8800000。",
    "附件：填报表样（略）",
)
_PLAIN = ("全文由办公室起草，征求各方意见后定稿。", "全文共分四个部分，正文见附件。")

LOOKALIKES: dict[str, tuple[LookAlike, ...]] = {
    "sample-qinglan": (
        LookAlike("青岚市人民政府门户网站2023年政府网站工作年度报表", "2024-01-25", ("填报单位：青岚市人民政府办公室",), WEBSITE_TABLE),
        LookAlike("青岚市2024年政府工作报告", "2024-02-02", ("各位代表：现在，我代表市人民政府向大会作工作报告，请予审议。", *_PLAIN)),
        LookAlike("青岚市政府信息公开工作年度报告制度", "2019-06-18", ("第一条 为规范年度报告的编制和公布，制定本制度。", *_PLAIN)),
        LookAlike("图解：青岚市人民政府2022年政府信息公开工作年度报告", "2023-03-12", ("一张图看懂去年的公开工作。",)),
        LookAlike("青岚市司法局2022年法治政府建设年度报告", "2023-03-28", ("过去一年，法治政府建设各项任务按计划完成。", *_PLAIN)),
        LookAlike("关于报送2023年政府信息公开工作年度报告的通知", "2023-12-20", NOTICE[1:]),
        LookAlike("青岚职业学院2021-2022学年信息公开年度报告", "2022-11-03", ("本报告由概述、主动公开情况等八个部分组成。", *_PLAIN)),
        LookAlike("青岚市教育系统2022年政府信息公开工作年度报告", "2022-12-26", NOTICE, convincing=True),
    ),
    "sample-yunxi": (
        LookAlike("云溪县政府网站2022年度工作报表", "2023-01-18", ("填报单位：云溪县人民政府办公室",), WEBSITE_TABLE),
        LookAlike("云溪县2023年国民经济和社会发展统计公报", "2024-04-02", ("初步核算，全年地区生产总值比上年增长。", *_PLAIN)),
        LookAlike("【一图读懂】云溪县2023年政府信息公开工作年度报告", "2024-02-21", ("一张图看懂去年的公开工作。",)),
    ),
    "sample-songhe": (
        LookAlike("松河区人民政府关于印发政府信息公开年度报告制度的通知", "2020-05-09", ("各街道，区政府各部门：", *_PLAIN)),
        LookAlike("松河区2021年法治政府建设情况报告", "2022-02-25", ("过去一年，法治政府建设各项任务按计划完成。", *_PLAIN)),
        LookAlike("松河区政府网站工作年度报表（2020年度）", "2021-01-22", ("填报单位：松河区人民政府办公室",), WEBSITE_TABLE),
    ),
    "sample-linze": (
        LookAlike("2022年政府网站工作年度报表", "2023-01-20", ("填报单位：临泽市人民政府办公室",), WEBSITE_TABLE),
        LookAlike("临泽市2021年政府工作报告", "2021-02-05", ("各位代表：现在，我代表市人民政府向大会作工作报告，请予审议。", *_PLAIN)),
        LookAlike("关于做好2024年度政府信息公开年报编制工作的通知", "2024-12-18", NOTICE[1:]),
    ),
    "sample-daihu": (
        LookAlike("岱湖市2022年政府网站工作年度报表", "2023-01-17", ("填报单位：岱湖市人民政府办公室",), WEBSITE_TABLE),
        LookAlike("岱湖市民政局2023年政府信息公开工作年度报告图解", "2024-01-31", ("一张图看懂去年的公开工作。",)),
    ),
    "sample-shiqiao": (
        LookAlike("石桥区2022年行政执法统计年报", "2023-01-29", ("现将本区上年度行政执法数据公布如下。", *_PLAIN)),
        LookAlike("政府信息公开年度报告解读：石桥区2023年", "2024-02-26", ("问：去年收到的申请多不多？答：与前年大体相当。",)),
    ),
}


def lookalikes(portal: str, organ: str) -> tuple[LookAlike, ...]:
    """The look-alikes in the lists of ``portal``, which is that of ``organ``; a small one has its web site's report among the others."""
    sheet = LookAlike(f"{organ}2023年政府网站工作年度报表", "2024-01-16", (f"填报单位：{organ}办公室",), WEBSITE_TABLE)
    return LOOKALIKES.get(portal, (sheet,))
