"""Asks a bank about an account before the first payout to it, and puts what it leaves open to a
second key."""

from __future__ import annotations

from datetime import datetime, timedelta

from activities.payout_word_port import PayoutWordTransaction
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.account_check import (
    ASKED_AT_MOST,
    AccountAsked,
    AccountCheck,
    needs_check,
)
from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.party import PaymentOrder
from crossclaim.domain.payment import Transition, no_match
from crossclaim.domain.records import EpisodeRows, PayoutRow
from crossclaim.domain.sentences_payout import PayoutReason
from crossclaim.domain.stay import local_day
from crossclaim.domain.trace import plain

TO_APPROVE = "PAYOUT_TO_APPROVE"
WHY = "account_check"


_LEFT_OPEN = (AccountCheck.CLOSE, AccountCheck.UNANSWERED)


def account_asked(
    world: World, bank: str, rows: EpisodeRows, payee: str, account: str, at: datetime
) -> AccountAsked:
    """``account`` by its digest. Where no advice of credit comes, what was settled counts as paid
    once the bank has had its longest time to return it."""
    habits = world.bank_habits.get(bank)
    settled = habits is not None and not habits.credit_advice
    until = at - timedelta(seconds=habits.max_execution_s) if habits and settled else None
    return AccountAsked(
        episode_id=rows.episode.id,
        payee=payee,
        account_sha256=account,
        bank=bank,
        settled_until=until,
    )


def is_known(tx: PayoutWordTransaction, asked: AccountAsked) -> bool:
    """The same payee was paid to it before, or it was found to be his: nobody is asked again."""
    return tx.paid_before(asked) or tx.matched_before(asked)


def check_wanted(
    tx: PayoutWordTransaction,
    world: World,
    rows: EpisodeRows,
    asked: AccountAsked,
    closed: PayoutRow | None,
) -> bool:
    """Whether the bank is asked before anything is sent to an account."""
    habits = world.bank_habits.get(asked.bank)
    if habits is None or not habits.account_checks or not needs_check(closed, asked.account_sha256):
        return False
    return not is_known(tx, asked) and not _released(tx, rows, asked.account_sha256, closed)


def _released(
    tx: PayoutWordTransaction, rows: EpisodeRows, account: str, closed: PayoutRow | None
) -> bool:
    """A second key has released what the bank had left open about the same account, of this payout
    or of one that it took the place of."""
    if closed is None:
        return False
    before = [
        p for p in rows.payouts if p.claim_id == closed.claim_id and p.sequence <= closed.sequence
    ]
    for payout in sorted(before, key=lambda p: p.sequence, reverse=True):
        if payout.payee_account_sha256 != account:
            return False
        word = tx.approval(payout.reference)
        if payout.account_check in _LEFT_OPEN and word is not None:
            return word.approved is True
    return False


def not_asked(world: World, bank: str, at: datetime) -> list[TraceStep]:
    """Why nobody asks about an account that is paid to for the first time."""
    habits = world.bank_habits.get(bank)
    if habits is None or habits.account_checks:
        return []
    rule, reason = f"bank:{bank}:account_checks", PayoutReason.ACCOUNT_NOT_CHECKED
    return [plain(rule, local_day(at), reason, "unasked", {"bank": bank}, bank=bank)]


def ask(
    tx: EpisodeTransaction,
    world: World,
    episode_id: str,
    payout: PayoutRow,
    order: PaymentOrder,
    at: datetime,
) -> None:
    """Asked while the bank is silent, so often; then a second key decides instead of it."""
    number = payout.account_checks + 1
    if number > ASKED_AT_MOST:
        left_to_person(tx, episode_id, payout, AccountCheck.UNANSWERED, at)
        return
    name = world.banks[payout.bank].check_account(order, number, at)
    tx.add_payout_attempt(episode_id, payout.reference, "account_check", number, name, at)
    tx.release_payout_attempt(payout.reference, "account_check", number, at)
    tx.change_intent(
        payout.reference,
        account_check=AccountCheck.ASKED,
        account_check_at=at,
        account_checks=number,
    )


def released_before(
    tx: EpisodeTransaction, payout: PayoutRow, transition: Transition
) -> Transition:
    """A second key's word is asked for once: where it was given before the bank called the name
    only close, the payout ends like one whose name does not match. Told once more, that is what
    the key has released."""
    close = transition.account_check is AccountCheck.CLOSE
    close = close and payout.account_check != AccountCheck.CLOSE
    if close and tx.approval(payout.reference) is not None and payout.state == "reserved":
        return no_match(AccountCheck.CLOSE)
    return transition


def after_check(
    tx: EpisodeTransaction,
    episode_id: str,
    payout: PayoutRow,
    transition: Transition,
    at: datetime,
) -> None:
    """What a bank's answer about the account leads to, beside what became of the payout."""
    verdict = transition.account_check
    if verdict is None:
        return
    if transition.closed:
        tx.resolve_exceptions(episode_id, [TO_APPROVE], at, payout.reference)
    if verdict in (AccountCheck.MATCHED, AccountCheck.NO_MATCH) or transition.closed:
        tx.change_intent(payout.reference, account_check=verdict)
    else:
        left_to_person(tx, episode_id, payout, verdict, at)


def left_to_person(
    tx: EpisodeTransaction,
    episode_id: str,
    payout: PayoutRow,
    verdict: AccountCheck,
    at: datetime,
) -> None:
    """It waits for a second key; one that has released it before has compared account and name."""
    tx.change_intent(payout.reference, account_check=verdict)
    if tx.approval(payout.reference) is not None:
        return
    tx.change_intent(payout.reference, state="to_be_approved")
    maker = tx.maker_of(episode_id, payout.debtor_organisation_id)
    tx.add_approval(episode_id, payout.reference, maker, WHY, at)
    tx.open_exception(episode_id, TO_APPROVE, payout.reference, {"reason": WHY}, at)
