"""What whoever scans a paper's code sees: genuine or not, by whom and of when. Plain HTML.

Nothing of what stands on the paper, nor of whom it is about, is known here.
"""

from __future__ import annotations

from jinja2 import Environment

from crossclaim.domain.issued_paper import PaperKind, Verified
from crossclaim.domain.language import Language, spoken
from crossclaim.domain.reference import Reference
from crossclaim.domain.story_line import called
from crossclaim.domain.story_phrase import Triple, local_time, sentence_of

_NAMES = {Language.EN: "English", Language.ZH_HANT: "繁體中文", Language.ZH_HANS: "简体中文"}
KINDS: dict[PaperKind, Triple] = {
    PaperKind.GUARANTEE_LETTER: ("Letter of guarantee", "擔保函", "担保函"),
    PaperKind.VOUCHER_CONSENT: (
        "Consent to the use of health care vouchers",
        "使用醫療券同意書",
        "使用医疗券同意书",
    ),
    PaperKind.VOUCHER_USE_RECORD: (
        "Record on use of health care vouchers",
        "醫療券使用記錄",
        "医疗券使用记录",
    ),
    PaperKind.EXPLANATION_OF_BENEFITS: ("Explanation of benefits", "保障說明", "保障说明"),
    PaperKind.DECISION_LETTER: ("Decision letter", "理賠決定書", "理赔决定书"),
    PaperKind.REMITTANCE_ADVICE: ("Remittance advice", "付款通知", "付款通知"),
    PaperKind.SETTLEMENT_LIST: ("Settlement list", "結算清單", "结算清单"),
    PaperKind.COVERING_LETTER: ("Covering letter", "隨附函", "随附函"),
}
_WORDS: dict[str, Triple] = {
    "title": ("Is this paper genuine?", "此文件是否真確?", "此文件是否真实?"),
    "genuine": (
        "A paper with this code was issued here.",
        "本平台曾發出載有此編號的文件。",
        "本平台曾签发载有此编号的文件。",
    ),
    "replaced": (
        "A paper with this code was issued here, and a newer one has replaced it since.",
        "本平台曾發出載有此編號的文件,但其後已由較新的文件取代。",
        "本平台曾签发载有此编号的文件,但其后已由较新的文件取代。",
    ),
    "matches": (
        "The file in your hand is the one that was issued.",
        "你手上的檔案正是所發出的檔案。",
        "您手上的文件正是所签发的文件。",
    ),
    "differs": (
        "The file in your hand is not the one that was issued: do not rely on it.",
        "你手上的檔案並非所發出的檔案,請勿依賴。",
        "您手上的文件并非所签发的文件,请勿依赖。",
    ),
    "unknown": (
        "No paper with this code was issued here: do not rely on it.",
        "本平台並無發出載有此編號的文件,請勿依賴。",
        "本平台并未签发载有此编号的文件,请勿依赖。",
    ),
    "unknown_hint": (
        "Compare the code with the one on the paper, letter by letter.",
        "請逐字核對文件上的編號。",
        "请逐字核对文件上的编号。",
    ),
    "kind": ("What it is", "文件類別", "文件类别"),
    "issuer": ("Issued for", "發出機構", "签发机构"),
    "dated": ("Dated", "文件日期", "文件日期"),
    "issued_at": ("Issued", "發出時間", "签发时间"),
    "superseded_at": ("Replaced", "取代時間", "取代时间"),
    "code": ("Code", "編號", "编号"),
    "compare": (
        "A paper can be copied onto another one: compare kind, issuer and date with what you hold.",
        "編號可被抄到另一份文件上:請將類別、機構及日期與手上文件核對。",
        "编号可被抄到另一份文件上:请将类别、机构及日期与手上文件核对。",
    ),
    "silent": (
        "What stands on the paper, and whom it is about, is not told here.",
        "此頁不會顯示文件內容及所涉人士。",
        "此页不会显示文件内容及所涉人士。",
    ),
    "languages": ("Language", "語言", "语言"),
}
_PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="{{ lang }}" data-theme="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{ words.title }} · crossclaim</title>
<link rel="stylesheet" href="/console/static/console.css">
<link rel="icon" href="/console/static/icon.svg" type="image/svg+xml">
</head>
<body>
<main class="card narrow">
<h1>{{ words.title }}</h1>
<p class="card {{ tone }}" role="status"><strong>{{ verdict }}</strong></p>
{% if file %}<p class="card {{ file_tone }}"><strong>{{ file }}</strong></p>
{% endif %}{% if facts %}<dl class="facts">
{% for name, value in facts %}<dt>{{ name }}</dt><dd>{{ value }}</dd>
{% endfor %}</dl>
<p class="muted">{{ words.compare }} {{ words.silent }}</p>
{% else %}<p class="muted">{{ words.unknown_hint }}</p>
{% endif %}<p class="muted">{{ words.code }}: <span class="code">{{ code }}</span></p>
<nav aria-label="{{ words.languages }}">
{% for tag, name in names %}<a href="?language={{ tag }}{{ kept }}" lang="{{ tag }}"
{%- if tag == lang %} aria-current="true"{% endif %}>{{ name }}</a>
{% endfor %}</nav>
</main>
</body>
</html>
"""
)


def page_of(
    language: Language,
    reference: Reference,
    code: str,
    found: Verified | None,
    sha256: str | None = None,
) -> str:
    """``found``: None where no paper has the code. ``sha256``: as asked, kept by every link."""
    words = {name: spoken(sentence_of(told), language) for name, told in _WORDS.items()}
    verdict = "unknown" if found is None else "replaced" if found.superseded_at else "genuine"
    matches = None if found is None else found.matches
    return _PAGE.render(
        lang=language.value,
        words=words,
        verdict=words[verdict],
        tone="said" if verdict == "genuine" and matches is not False else "faults",
        file="" if matches is None else words["matches" if matches else "differs"],
        file_tone="said" if matches else "faults",
        facts=[] if found is None else _facts(found, words, language, reference),
        code=code,
        kept=f"&sha256={sha256}" if sha256 else "",
        names=[(one.value, name) for one, name in _NAMES.items()],
    )


def _facts(
    found: Verified, words: dict[str, str], language: Language, reference: Reference
) -> list[tuple[str, str]]:
    told = [
        (words["kind"], spoken(sentence_of(KINDS[found.kind]), language)),
        (words["issuer"], spoken(called(reference, found.issuer), language)),
        (words["dated"], local_time(found.dated)),
        (words["issued_at"], local_time(found.issued_at)),
    ]
    if found.superseded_at is not None:
        told.append((words["superseded_at"], local_time(found.superseded_at)))
    return told
