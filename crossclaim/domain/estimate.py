"""Who would carry what of a planned amount, by today's rules: asked before there is a bill. Pure.

The very split of a bill is made of one charge of that amount; what nobody can know yet is assumed,
and each assumption is a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crossclaim.domain.allocation import BillFacts, Sentence
from crossclaim.domain.money import Money
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.story_phrase import Triple, filled, sentence_of
from crossclaim.domain.submission import (
    BillSubmission,
    ChargeCategory,
    ChargeLine,
    EncounterClass,
    EpisodeSubmission,
    FunderKind,
)
from crossclaim.domain.voucher_facts import voucher_facts

NUMBER = "ESTIMATE"
_OVERNIGHT = (EncounterClass.INPATIENT, EncounterClass.DAY_PROCEDURE)
_ONE_CHARGE: Triple = (
    "The whole amount is taken as one ordinary charge of {on}. Some charges have limits of their"
    " own; your bill will show them one by one.",
    "整筆金額視作 {on} 的一項一般收費。個別收費另有上限,帳單會逐項列明。",
    "整笔金额视作 {on} 的一项一般收费。个别收费另有上限,账单会逐项列明。",
)
_TODAYS: Triple = (
    "Rules, exchange rates and balances are those of today. What counts is the day of your bill.",
    "規則、匯率及結餘均以今天為準;實際以帳單當日為準。",
    "规则、汇率及结余均以今天为准;实际以账单当日为准。",
)
_NOT_USED: Triple = (
    "We take it that nothing else of your insurance is used before this care.",
    "假設在此次診療之前不再使用您的保險額度。",
    "假设在此次诊疗之前不再使用您的保险额度。",
)
_BALANCE: Triple = (
    "We take it that your vouchers stay as they are until then.",
    "假設您的醫療券結餘屆時不變。",
    "假设您的医疗券结余届时不变。",
)
_NO_PROMISE: Triple = (
    "This is an estimate and no promise; a letter of guarantee is the insurer's own word.",
    "這是估算,並非承諾;擔保函才是保險公司的承諾。",
    "这是估算,并非承诺;担保函才是保险公司的承诺。",
)


def planned_bill(content: EpisodeSubmission, planned: Money, at: datetime) -> BillSubmission:
    """One interim bill of one charge on the planned day."""
    care = content.visit.planned_admission or at
    inpatient = content.visit.encounter_class in _OVERNIGHT
    category = ChargeCategory.MISCELLANEOUS if inpatient else ChargeCategory.CONSULTATION
    line = ChargeLine(
        number=1,
        category=category,
        code=NUMBER,
        description=NUMBER,
        service_date=care.date(),
        quantity=1,
        unit_price=planned,
        amount=planned,
    )
    return BillSubmission(
        number=NUMBER,
        version=1,
        status="interim",
        issued_at=at,
        service_completed_at=care,
        lines=[line],
        total=planned,
    )


def planned_facts(
    content: EpisodeSubmission, rows: EpisodeRows, bill: BillSubmission, at: datetime
) -> BillFacts:
    """As the bill's own facts would be, with the episode as it stands."""
    vouchers = voucher_facts(rows, bill)
    day = bill.lines[0].service_date
    inpatient = content.visit.encounter_class in _OVERNIGHT
    return BillFacts(
        episode=content,
        bill=bill,
        consents=sorted(
            {c.type.value for c in rows.consents_in_force() if c.given_by == "patient"}
        ),
        opened_on=rows.episode.opened_at.date(),
        admitted_on=day if inpatient else None,
        voucher_balance=vouchers.balance,
        voucher_rate=vouchers.rate,
    )


def assumed(content: EpisodeSubmission, bill: BillSubmission) -> list[Sentence]:
    """What the estimate takes for granted, as the patient is told it."""
    funders = [c.funder for c in content.coverages]
    said: Sequence[Triple] = (
        *((_NOT_USED,) if FunderKind.INSURER in funders else ()),
        *((_BALANCE,) if FunderKind.VOUCHER in funders else ()),
        _TODAYS,
        _NO_PROMISE,
    )
    first = filled(_ONE_CHARGE, on=bill.lines[0].service_date)
    return [first, *(sentence_of(one) for one in said)]
