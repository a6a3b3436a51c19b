"""The words of the pages of one figure."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

FIGURE_WORDS: dict[str, Triple] = {
    "city": ("City", "城市", "城市"),
    "figure_by_month": ("By month, with growth", "按月份及增長", "按月份及增长"),
    "figure_by_insurer": ("By insurer", "按保險公司", "按保险公司"),
    "figure_by_hospital": ("By hospital", "按醫院", "按医院"),
    "figure_by_city": ("By city", "按城市", "按城市"),
    "figure_growth": ("On the month before", "較上月", "较上月"),
    "figure_growth_year": ("On the year before", "較去年同月", "较去年同月"),
    "figure_chart_is": (
        "A column is a month: all that is counted, the coloured part of it, and the rate in "
        "percent. It opens into its episodes.",
        "每柱為一個月:全部數目、其中著色部分及百分比。按下可查看個案。",
        "每柱为一个月:全部数目、其中着色部分及百分比。按下可查看个案。",
    ),
    "figure_open": ("Chart, growth and parts", "圖表、增長及細分", "图表、增长及细分"),
}
