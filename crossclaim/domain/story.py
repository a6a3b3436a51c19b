"""The story of an episode in sentences: who, what, when, money, attempts, what it waits for. Pure.

Lines stand in the order in which we learned or did things. No patient's name, number, diagnosis or
account is among the facts that it is told from.
"""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.standing import Standing
from crossclaim.domain.story_appeals import tell_appeals
from crossclaim.domain.story_asking import tell_asking
from crossclaim.domain.story_bill import tell_bills
from crossclaim.domain.story_claim import tell_claims
from crossclaim.domain.story_claw_back import tell_claw_backs
from crossclaim.domain.story_facts import Runs, StoryFacts
from crossclaim.domain.story_guarantee import tell_letters
from crossclaim.domain.story_information import tell_information
from crossclaim.domain.story_line import Scene, StoryLine, in_order
from crossclaim.domain.story_payout import tell_payouts
from crossclaim.domain.story_payout_words import tell_payout_words
from crossclaim.domain.story_records import tell_records
from crossclaim.domain.story_repair import tell_repairs
from crossclaim.domain.story_run import (
    tell_closings,
    tell_exceptions,
    tell_gaps,
    tell_pending,
    tell_runs,
    tell_staff_notes,
)
from crossclaim.domain.story_settlement import tell_bureau
from crossclaim.domain.story_tenders import tell_tenders
from crossclaim.domain.story_transfer import tell_transfers
from crossclaim.domain.story_visit import tell_visit
from crossclaim.domain.story_voucher import tell_vouchers
from crossclaim.domain.story_waiting import Waiting, waiting_of

__all__ = ["FunderMoney", "LedgerBalance", "Story", "StoryLine", "StoryMoney", "Waiting", "tell"]
from crossclaim.domain.story_withdrawal import tell_withdrawals


class FunderMoney(Frozen):
    """What one funder carries of a bill by its newest split; a forecast while it is interim."""

    bill: str
    version: int
    forecast: bool
    who: str
    """Kind of funder, and the organisation's id where it is one: ``insurer:harbour-life``."""
    name: Sentence
    amount: Money
    own: Money | None = None
    """In the currency that the funder counts in (HKD), where that differs."""


class LedgerBalance(Frozen):
    """What the episode's own entries left on an account; positive is a debit."""

    account: str
    balance: Money


class StoryMoney(Frozen):
    funders: list[FunderMoney] = []
    balances: list[LedgerBalance] = []


class Story(Frozen):
    """``lines`` and ``waiting`` hold all three languages; ``language`` is the reader's."""

    episode_id: str
    language: str
    """``en``, ``zh-Hant`` or ``zh-Hans``."""
    status: str
    lines: list[StoryLine]
    waiting: Waiting | None = None
    money: StoryMoney = StoryMoney()

    def spoken(self, sentence: Sentence) -> str:
        """The sentence in the reader's language."""
        match self.language:
            case "zh-Hant":
                return sentence.zh_hant
            case "zh-Hans":
                return sentence.zh_hans
            case _:
                return sentence.en


def tell(
    facts: StoryFacts,
    rows: EpisodeRows,
    standing: Standing,
    runs: Runs,
    reference: Reference,
    now: datetime,
    language: str,
) -> Story:
    """The whole story as of ``now``."""
    scene = Scene(facts, reference)
    past = in_order(
        [
            *tell_runs(scene, runs),
            *tell_visit(scene),
            *tell_vouchers(scene),
            *tell_asking(scene),
            *tell_letters(scene),
            *tell_bureau(scene),
            *tell_tenders(scene),
            *tell_bills(scene),
            *tell_claims(scene),
            *tell_appeals(scene),
            *tell_information(scene),
            *tell_withdrawals(scene),
            *tell_claw_backs(scene),
            *tell_payouts(scene),
            *tell_payout_words(scene),
            *tell_records(scene),
            *tell_transfers(scene),
            *tell_repairs(scene),
            *tell_exceptions(scene),
            *tell_staff_notes(scene),
            *tell_closings(scene, runs),
        ]
    )
    return Story(
        episode_id=rows.episode.id,
        language=language,
        status=facts.episode.status,
        lines=[*past, *tell_pending(runs, now), *tell_gaps(runs, now)],
        waiting=waiting_of(scene, rows, standing, runs, past),
        money=_money(scene),
    )


def _money(scene: Scene) -> StoryMoney:
    funders = []
    for bill in scene.facts.bills:
        splits = [s for s in scene.facts.splits if s.bill_id == bill.id]
        if bill.state != "current" or not splits:
            continue
        newest = max(splits, key=lambda s: s.version)
        funders += [
            FunderMoney(
                bill=bill.number,
                version=bill.version,
                forecast=bill.status != "final",
                who=t.funder.value + (f":{t.organisation}" if t.organisation else ""),
                name=scene.funder(t.funder, t.organisation),
                amount=t.amount,
                own=t.in_funder_currency,
            )
            for t in newest.result.totals
        ]
    balances = [
        LedgerBalance(
            account=b.account_id,
            balance=Money(amount_minor=b.balance_minor, currency=Currency(b.currency)),
        )
        for b in scene.facts.balances
    ]
    return StoryMoney(funders=funders, balances=balances)
