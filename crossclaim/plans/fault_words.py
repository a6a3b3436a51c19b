"""What is wrong with a rule file, in the languages of whoever reads it; keys and codes stay."""

from __future__ import annotations

import re

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.story_phrase import Triple, plain

_REASONS: tuple[Triple, ...] = (
    ("is missing", "欠缺", "缺少"),
    ("is missing beside {a}", "有「{a}」時不可欠缺", "有“{a}”时不可缺少"),
    ("is missing: order has {a}", "欠缺:次序(order)列有「{a}」", "缺少:次序(order)列有“{a}”"),
    ("is missing in the scale", "比例表中欠缺此級", "比例表中缺少此级"),
    ("there are no rules for {a} yet", "尚未支援「{a}」的規則", "尚未支持“{a}”的规则"),
    ("is not a parameter of a {a} plan", "不是「{a}」方案的參數", "不是“{a}”方案的参数"),
    ("is in {a}; the plan counts in {b}", "以{a}計;方案以{b}計算", "以{a}计;方案以{b}计算"),
    ("is in {a}", "以「{a}」為單位", "以“{a}”为单位"),
    ("names the unknown {a}", "提及未知的「{a}」", "提及未知的“{a}”"),
    ("names {a}, which has no amount", "提及「{a}」,但沒有其金額", "提及“{a}”,但没有其金额"),
    ("{a} stands under {b} too", "「{a}」亦列於「{b}」之下", "“{a}”也列于“{b}”之下"),
    (
        "stands beside a ratio of {a} itself",
        "與「{a}」本身的比例並存",
        "与“{a}”本身的比例并存",
    ),
    (
        "stands beside {a}: a benefit counts one or the other",
        "與「{a}」並存:一項保障只可按其中一種計算",
        "与“{a}”并存:一项保障只可按其中一种计算",
    ),
    ("judges no care", "沒有就任何就醫類別訂明規則", "没有就任何就医类别订明规则"),
    (
        "never applies: order lacks {a}",
        "永不適用:次序(order)沒有「{a}」",
        "永不适用:次序(order)没有“{a}”",
    ),
    (
        "never applies: nothing of {a} is used up",
        "永不適用:「{a}」沒有可用盡的額度",
        "永不适用:“{a}”没有可用尽的额度",
    ),
    ("falls below the year before", "低於前一年", "低于前一年"),
    (
        "leaves a gap from {a} on, when order has {b}",
        "由{a}起留空,而次序(order)列有「{b}」",
        "由{a}起留空,而次序(order)列有“{b}”",
    ),
    (
        "leaves a gap from {a} on, when {b} holds",
        "由{a}起留空,而「{b}」仍然有效",
        "由{a}起留空,而“{b}”仍然有效",
    ),
    ("leaves a gap from {a} on", "由{a}起留空", "由{a}起留空"),
    ("leaves a gap from {a} to {b}", "由{a}至{b}留空", "由{a}至{b}留空"),
    ("is a circular percentage: {a}", "百分比循環引用:{a}", "百分比循环引用:{a}"),
    (
        "{a} is a plan of {b} and cannot become one of {c}; give the new plan an id of its own",
        "「{a}」是「{b}」的方案,不可改為「{c}」的方案;請為新方案另定編號",
        "“{a}”是“{b}”的方案,不可改为“{c}”的方案;请为新方案另定编号",
    ),
    (
        "{a} is the only plan of {b}; coverages may leave it out",
        "「{a}」是「{b}」唯一的方案;保障可不註明方案",
        "“{a}”是“{b}”唯一的方案;保障可不注明方案",
    ),
    ("is no plan of your organisation", "不是貴機構的方案", "不是贵机构的方案"),
    ("holds no rule file", "沒有規則檔", "没有规则文件"),
    ("is not UTF-8", "不是UTF-8編碼", "不是UTF-8编码"),
    ("differs from the file's name", "與檔案名稱不同", "与文件名称不同"),
    (
        "invented plans are refused outside demonstration",
        "虛構的方案只限示範使用",
        "虚构的方案只限演示使用",
    ),
    ("the id stands in two files", "此編號出現在兩個檔案", "此编号出现在两个文件"),
    ("is not a mapping", "應為鍵值結構", "应为键值结构"),
    ("is not a known key", "不是已知的鍵", "不是已知的键"),
    ("is not a name", "不是有效的名稱", "不是有效的名称"),
    ("holds no parameter", "沒有參數", "没有参数"),
    ("has no dated value", "沒有註明日期的數值", "没有注明日期的数值"),
    ("{a} is not a date", "{a}不是日期", "{a}不是日期"),
    (
        "{a} is not a number of instalments",
        "{a}不是分期數目",
        "{a}不是分期数目",
    ),
    ("dates do not ascend", "日期沒有由早至晚排列", "日期没有由早至晚排列"),
    ("begins with null", "不可由null開始", "不可由null开始"),
    ("is not a text", "應為文字", "应为文字"),
    ("{a} is not a code", "{a}不是有效的代碼", "{a}不是有效的代码"),
    ("{a} is not known", "{a}並非已知的值", "{a}并非已知的值"),
    ("is not a single value", "應為單一數值", "应为单一数值"),
    ("the ratio {a} is above 1", "比例{a}大於1", "比例{a}大于1"),
    ("is not a list", "應為列表", "应为列表"),
    ("{a} stands twice in the list", "「{a}」在列表中重複", "“{a}”在列表中重复"),
    ("{a} is not readable", "無法讀取{a}", "无法读取{a}"),
    ("not readable as YAML: {a}", "不是可讀的YAML:{a}", "不是可读的YAML:{a}"),
    ("not readable as YAML", "不是可讀的YAML", "不是可读的YAML"),
    ("the file is empty", "檔案是空的", "文件是空的"),
    ("lists are nested too deeply", "列表的層數過多", "列表的层数过多"),
    (
        "these are the first {a} faults; put them right and ask again",
        "以上為首{a}項錯誤;請更正後再查",
        "以上为首{a}项错误;请更正后再查",
    ),
    ("the key stands twice", "此鍵重複", "此键重复"),
    (
        "anchors and aliases are not used in rule files",
        "規則檔不使用錨點及別名",
        "规则文件不使用锚点及别名",
    ),
    ("tags are not used in rule files", "規則檔不使用標籤", "规则文件不使用标签"),
    ("{a} are not used in rule files", "規則檔不使用{a}", "规则文件不使用{a}"),
)
"""The reasons as the reader of rule files says them, what it says about within braces."""
_PLACE = re.compile(r"\\\{([a-z])\\\}")
_KNOWN = [
    (re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(one[0])), re.DOTALL), one) for one in _REASONS
]


def reason_told(reason: str) -> Sentence:
    """A reason that has no words here stays as it is said."""
    for pattern, (_, hant, hans) in _KNOWN:
        found = pattern.fullmatch(reason)
        if found is not None:
            values = found.groupdict()
            return Sentence(en=reason, zh_hant=hant.format(**values), zh_hans=hans.format(**values))
    return plain(reason)
