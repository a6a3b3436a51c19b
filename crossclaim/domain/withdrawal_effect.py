"""What the window is told of a withdrawn consent: who carried what before and carries it now, what
stops, and what stays."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.money import Money
from crossclaim.domain.withdrawal import Branch, Cancelled, Data, Withdrawal


class Stays(StrEnum):
    """What a withdrawal leaves as it is."""

    SENT_BEFORE = "sent_before"
    OTHER_FUNDERS = "other_funders"
    CLAIM_IN_SUSPENSION = "claim_in_suspension"
    PAYMENT = "payment"
    ACCOUNT_DATA = "account_data"
    MEDICAL_DATA = "medical_data"
    AMOUNTS = "amounts"


_STOPS: dict[Cancelled, tuple[str, str, str]] = {
    Cancelled.SENDS: (
        "Nothing more is sent to the insurer on this consent.",
        "不再據此同意向保險公司傳送任何資料。",
        "不再据此同意向保险公司传送任何资料。",
    ),
    Cancelled.GUARANTEE: (
        "The letter of guarantee is cancelled.",
        "擔保函取消。",
        "担保函取消。",
    ),
    Cancelled.DIRECT_BILLING: (
        "The insurer is not billed directly; its part is the patient's.",
        "不再向保險公司直接結算;其部分由病人支付。",
        "不再向保险公司直接结算;其部分由病人支付。",
    ),
    Cancelled.NEW_ACCESS: (
        "Records that nobody has read yet can no longer be read.",
        "尚未查閱的紀錄不可再查閱。",
        "尚未查阅的记录不可再查阅。",
    ),
    Cancelled.ALL_ACCESS: (
        "The insurer no longer reads this episode's bills and splits.",
        "保險公司不可再查閱本個案的帳單及分帳。",
        "保险公司不可再查阅本个案的账单及分账。",
    ),
}
_STAYS: dict[Stays, tuple[str, str, str]] = {
    Stays.SENT_BEFORE: (
        "What was sent before stays lawful and is only stored.",
        "撤回前已傳送的資料仍屬合法,只作儲存。",
        "撤回前已传送的资料仍属合法,只作储存。",
    ),
    Stays.OTHER_FUNDERS: (
        "What every other payer carries stays as it is.",
        "其他付款方的部分不變。",
        "其他付款方的部分不变。",
    ),
    Stays.CLAIM_IN_SUSPENSION: (
        "The claim is kept, suspended; with a new consent it goes on.",
        "索償保留並暫停;獲新的同意後繼續。",
        "索偿保留并暂停;获新的同意后继续。",
    ),
    Stays.PAYMENT: (
        "What is approved is paid, as the contract needs it.",
        "已批准的款項按合約所需照付。",
        "已批准的款项按合约所需照付。",
    ),
    Stays.ACCOUNT_DATA: (
        "Account data go out with the payment, no medical data.",
        "付款時只傳送帳戶資料,不傳送醫療資料。",
        "付款时只传送账户资料,不传送医疗资料。",
    ),
    Stays.MEDICAL_DATA: (
        "Other sends that do not rest on this consent go on.",
        "不以此同意為依據的傳送照常進行。",
        "不以此同意为依据的传送照常进行。",
    ),
    Stays.AMOUNTS: ("No amount changes.", "各項金額不變。", "各项金额不变。"),
}
_OF_BRANCH: dict[Branch, tuple[Stays, ...]] = {
    Branch.BEFORE_CLAIM: (),
    Branch.SUSPENSION_OVER: (),
    Branch.BEFORE_DECISION: (Stays.CLAIM_IN_SUSPENSION,),
    Branch.BEFORE_PAYOUT: (Stays.PAYMENT,),
    Branch.AFTER_PAYOUT: (Stays.AMOUNTS,),
    Branch.SHARING_ONLY: (Stays.AMOUNTS,),
}
_SENDS = {Data.ACCOUNT: Stays.ACCOUNT_DATA, Data.MEDICAL: Stays.MEDICAL_DATA}


class Told(Frozen):
    """A stable code and what it means."""

    code: str
    text: Sentence


class Parts(Frozen):
    """CNY. ``pending``: the insurer's part on which nobody has decided."""

    insurer: Money
    pending: Money
    patient: Money


class Effect(Frozen):
    """What one withdrawal did to one insurer's part."""

    organisation: str
    branch: str
    status: str
    before: Parts
    after: Parts
    stops: list[Told]
    stays: list[Told]
    suspended_through: date | None = None
    retention_years: int | None = None
    because: list[Sentence] = []


def effect_of(organisation: str, before: Parts, found: Withdrawal) -> Effect:
    """``found`` decided, without faults."""
    assert found.branch is not None and found.status is not None, "a decided withdrawal"
    after = Parts(insurer=found.insurer, pending=found.pending, patient=found.patient)
    stays = [*_OF_BRANCH[found.branch], *(_SENDS[data] for data in found.may_send)]
    stays += [Stays.SENT_BEFORE, Stays.OTHER_FUNDERS]
    return Effect(
        organisation=organisation,
        branch=found.branch.value,
        status=found.status.value,
        before=before,
        after=after,
        stops=[_told(stop.value, _STOPS[stop]) for stop in found.cancelled],
        stays=[_told(stay.value, _STAYS[stay]) for stay in dict.fromkeys(stays)],
        suspended_through=found.suspended_through,
        retention_years=found.retention_years,
        because=[step.text for step in found.trace],
    )


def _told(code: str, texts: tuple[str, str, str]) -> Told:
    en, zh_hant, zh_hans = texts
    return Told(code=code, text=Sentence(en=en, zh_hant=zh_hant, zh_hans=zh_hans))
