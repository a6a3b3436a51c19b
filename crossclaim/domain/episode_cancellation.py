"""Everything that cancelling an episode takes back, shown before it is done. Pure.

Each bill is taken back as its settlement's cancellation takes it back; letters of guarantee and
drafts go beside them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import chain

from crossclaim.domain.allocation import Fault, Frozen, Sentence
from crossclaim.domain.bill_sentences import undoing_sentence
from crossclaim.domain.guarantee_rows import AT_DESK
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.settlement_cancellation import Undoing, cancellation_of
from crossclaim.domain.step_faults import step_fault

GUARANTEE_ENDED, DRAFT_DROPPED = "guarantee_ended", "draft_dropped"
_OWED = ("claw_back", "tender_refunded")
"""Money that somebody has got and gives back."""
_LETTER_LIVES = ("due", "requested", "queued", AT_DESK, "granted")
_TEXTS: dict[str, tuple[str, str, str]] = {
    GUARANTEE_ENDED: (
        "The letter of guarantee {reference} of {who} ends; {amount} of reserved money is free.",
        "{who} 的擔保函 {reference} 終止，釋放預留款項 {amount}。",
        "{who} 的担保函 {reference} 终止，释放预留款项 {amount}。",
    ),
    DRAFT_DROPPED: (
        "The interim bill {reference} of {amount} is dropped; nothing was claimed for it.",
        "中期帳單 {reference}（{amount}）作廢，未有就此索償。",
        "中期账单 {reference}（{amount}）作废，未有就此索赔。",
    ),
}


class PartyMoney(Frozen):
    """Of one party, in one currency. ``owed``: what is out already, and is given back."""

    who: str
    reversed: Money
    owed: Money


class CancellationPlan(Frozen):
    """``effect`` names all of it: an order that carries it does this and nothing else."""

    revision: int
    effect: str
    steps: list[Undoing] = []
    faults: list[Fault] = []

    def parties(self) -> list[PartyMoney]:
        """What each party is freed of, and what goes back, in the order of the steps."""
        found: dict[tuple[str, Currency], tuple[int, int]] = {}
        for step in self.steps:
            if step.amount is None or step.what in ("claim_withdrawn", "claim_dropped"):
                continue
            key = (step.who, step.amount.currency)
            back, owed = found.get(key, (0, 0))
            minor = step.amount.amount_minor
            found[key] = (back, owed + minor) if step.what in _OWED else (back + minor, owed)
        return [
            PartyMoney(
                who=who,
                reversed=Money(amount_minor=back, currency=currency),
                owed=Money(amount_minor=owed, currency=currency),
            )
            for (who, currency), (back, owed) in found.items()
        ]


def cancellation_plan(rows: EpisodeRows) -> CancellationPlan:
    """With ``faults`` the episode cannot be cancelled now."""
    if rows.cancelled:
        fault = step_fault("EPISODE_CANCELLED", "")
        return CancellationPlan(revision=rows.episode.revision, effect="-", faults=[fault])
    bills = [cancellation_of(rows, bill) for bill in final_bills(rows)]
    steps = [*chain.from_iterable(found.steps for found in bills), *_beside_bills(rows)]
    faults = [fault.model_copy(update={"pointer": ""}) for found in bills for fault in found.faults]
    return CancellationPlan(
        revision=rows.episode.revision, effect=_effect(steps), steps=steps, faults=faults
    )


def final_bills(rows: EpisodeRows) -> list[BillRow]:
    """Bills whose settlement stands."""
    return [bill for bill in rows.bills if bill.payable]


def drafts(rows: EpisodeRows) -> list[BillRow]:
    return [bill for bill in rows.bills if bill.state == "current" and not bill.payable]


def step_sentence(one: Undoing) -> Sentence:
    """What one step does, in three languages."""
    if one.what not in _TEXTS:
        return undoing_sentence(one)
    values = {"who": one.who, "reference": one.reference, "amount": one.amount or "-"}
    en, hant, hans = (text.format(**values) for text in _TEXTS[one.what])
    return Sentence(en=en, zh_hant=hant, zh_hans=hans)


def _beside_bills(rows: EpisodeRows) -> Iterator[Undoing]:
    for letter in rows.guarantees:
        if letter.state in _LETTER_LIVES:
            free = None
            if letter.limit_minor is not None:
                free = Money(amount_minor=letter.held_minor or 0, currency=letter.currency)
            yield Undoing(
                what=GUARANTEE_ENDED,
                who=letter.insurer_id,
                reference=letter.reference,
                amount=free,
                out=letter.state != "due",
            )
    for bill in drafts(rows):
        split = rows.allocation(bill.id)
        amount = split.result.total if split is not None else None
        yield Undoing(what=DRAFT_DROPPED, who="crossclaim", reference=bill.number, amount=amount)


def _effect(steps: list[Undoing]) -> str:
    told = json.dumps([step.model_dump(mode="json") for step in steps], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
