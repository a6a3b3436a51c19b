"""What people are told of a bill: statuses, differences, and what a cancellation undoes."""

from __future__ import annotations

from collections.abc import Mapping

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.bill_difference import LineDifference
from crossclaim.domain.settlement_cancellation import Undoing

Texts = dict[str, tuple[str, str, str]]

STATUSES: Texts = {
    "interim": (
        "A forecast while treatment goes on; nothing moves by it.",
        "治療期間的預估，不涉及款項。",
        "治疗期间的预估，不涉及款项。",
    ),
    "draft": (
        "A draft: its split is shown, and nothing moves by it.",
        "草稿：只顯示分帳，不涉及款項。",
        "草稿：只显示分账，不涉及款项。",
    ),
    "reopened": (
        "Returned to a draft; nothing of it counts until a new version is sent.",
        "已退回草稿；提交新版本前不作計算。",
        "已退回草稿；提交新版本前不作计算。",
    ),
    "confirmed": (
        "The version that counts; not every funder has confirmed its part.",
        "現行版本；尚有付款方未確認其部分。",
        "现行版本；尚有付款方未确认其部分。",
    ),
    "locked": (
        "Every funder has confirmed its part; only a correction changes it.",
        "各付款方均已確認其部分；只可以更正方式更改。",
        "各付款方均已确认其部分；只可以更正方式更改。",
    ),
    "final": (
        "Every part is paid.",
        "各部分均已付清。",
        "各部分均已付清。",
    ),
    "superseded": (
        "A later version took its place.",
        "已由較新版本取代。",
        "已由较新版本取代。",
    ),
    "voided": ("Taken back.", "已撤回。", "已撤回。"),
}
_LINES: Texts = {
    "added": (
        "Line {line} was added: {after}.",
        "新增第 {line} 項：{after}。",
        "新增第 {line} 项：{after}。",
    ),
    "removed": (
        "Line {line} was taken off: it was {before}.",
        "移除第 {line} 項：原為 {before}。",
        "移除第 {line} 项：原为 {before}。",
    ),
    "changed": (
        "Line {line} was {before} and is {after}.",
        "第 {line} 項由 {before} 改為 {after}。",
        "第 {line} 项由 {before} 改为 {after}。",
    ),
    "split": (
        "Line {line} is charged as before, {after}, and is paid otherwise.",
        "第 {line} 項收費不變（{after}），但分帳有變。",
        "第 {line} 项收费不变（{after}），但分账有变。",
    ),
}
_UNDOING: Texts = {
    "due_reversed": (
        "{who} owes nothing of it any more: {amount}.",
        "{who} 不再承擔 {amount}。",
        "{who} 不再承担 {amount}。",
    ),
    "tender_refunded": (
        "{amount} goes back to the patient by {by}.",
        "{amount} 經 {by} 退回病人。",
        "{amount} 经 {by} 退回病人。",
    ),
    "voucher_voided": (
        "The voucher claim {reference} of {amount} is voided at the voucher system.",
        "在醫療券系統取消申報 {reference}（{amount}）。",
        "在医疗券系统取消申报 {reference}（{amount}）。",
    ),
    "settlement_cancelled": (
        "The settlement {reference} of {amount} is cancelled at the bureau.",
        "在醫保局撤銷結算 {reference}（{amount}）。",
        "在医保局撤销结算 {reference}（{amount}）。",
    ),
    "charge_refunded": (
        "The charge {reference} of {amount} is refunded by the pay-after-care platform.",
        "先診療後付費平台退回扣款 {reference}（{amount}）。",
        "先诊疗后付费平台退回扣款 {reference}（{amount}）。",
    ),
    "claim_dropped": (
        "The claim {reference} on {who}, which nobody has seen, is dropped.",
        "向 {who} 的索償 {reference} 尚未送出，予以取消。",
        "向 {who} 的索赔 {reference} 尚未送出，予以取消。",
    ),
    "claim_withdrawn": (
        "The claim {reference} is withdrawn from {who}.",
        "向 {who} 撤回索償 {reference}。",
        "向 {who} 撤回索赔 {reference}。",
    ),
    "payout_cancelled": (
        "The payout {reference} of {amount}, which no bank has seen, is cancelled.",
        "付款 {reference}（{amount}）尚未送交銀行，予以取消。",
        "付款 {reference}（{amount}）尚未送交银行，予以取消。",
    ),
    "claw_back": (
        "{amount} that {who} has paid is out already: the {by} gives it back.",
        "{who} 已付出的 {amount} 由{by}退還。",
        "{who} 已付出的 {amount} 由{by}退还。",
    ),
}


def status_sentence(status: str) -> Sentence:
    return _said(STATUSES[status], {})


def line_sentence(one: LineDifference) -> Sentence:
    values = {
        "line": one.line,
        "before": one.before.amount if one.before else "",
        "after": one.after.amount if one.after else "",
    }
    return _said(_LINES[one.kind], values)


def undoing_sentence(one: Undoing) -> Sentence:
    values = {"who": one.who, "reference": one.reference, "by": one.by, "amount": one.amount or "-"}
    return _said(_UNDOING[one.what], values)


def _said(texts: tuple[str, str, str], values: Mapping[str, object]) -> Sentence:
    en, hant, hans = (text.format(**values) for text in texts)
    return Sentence(en=en, zh_hant=hant, zh_hans=hans)
