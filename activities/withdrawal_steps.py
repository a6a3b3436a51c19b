"""Steps after a withdrawn consent: the suspension's end, and what insurers are told of it."""

from __future__ import annotations

from temporalio import activity

from activities.coded import party_code
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.withdrawal_ends import drop_guarantee, end_cover
from activities.withdrawals import figures
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.records import EpisodeRows, GuaranteeRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.withdrawal import WITHDRAWAL_PLAN, Withdrawal, withdrawal
from crossclaim.domain.withdrawal_reach import facts_of
from crossclaim.domain.withdrawal_rows import (
    CANCEL,
    ENDED,
    RESUME,
    SUSPEND,
    SUSPENDED,
    WithdrawalRow,
)

_LETTERS = {SUSPEND: "S", RESUME: "U", CANCEL: "X"}


class WithdrawalSteps:
    """No message carries more than our reference and the word that the consent has gone."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="end_suspension")
    def end_suspension(self, order: Subject) -> Standing:
        """No new consent came in time: the episode goes on as if the claim had never been sent."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            one = _withdrawal(rows, order.subject)
            until = one.suspended_until
            if one.state == SUSPENDED and until is not None and order.at >= until:
                found = self._judged(tx, order, rows, one)
                changes = figures(found, order.at)
                # What was sent is kept from the day of the withdrawal on.
                changes["retained_until"] = one.retained_until
                tx.change_withdrawal(one.id, state=ENDED, **changes)
                end_cover(tx, self._world, rows, one.organisation_id, found, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _judged(
        self, tx: EpisodeTransaction, order: Subject, rows: EpisodeRows, one: WithdrawalRow
    ) -> Withdrawal:
        """By the plan of the withdrawal's day, at the moment when its time is over."""
        plan = self._world.plans.find(WITHDRAWAL_PLAN)
        assert plan is not None, "a suspension was begun by a plan"
        insurer, consent = one.organisation_id, ConsentType(one.consent)
        sends = tx.sends_on_consent(order.episode_id, insurer)
        facts = facts_of(rows, insurer, consent, one.withdrawn_at, order.at, sends)
        return withdrawal(facts, plan.on(local_day(one.withdrawn_at)))

    @activity.defn(name="cancel_guarantee")
    def cancel_guarantee(self, order: Subject) -> Standing:
        """Takes the request back at the insurer, answered or not; its money is free afterwards."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            guarantee = _guarantee(rows, order.subject)
            if guarantee.state != "cancelling":
                return standing_in(tx, self._world, order.episode_id, order.at)
            reference, insurer = f"{guarantee.reference}X", guarantee.insurer_id
            attempt = self._attempt(tx, order, insurer, CANCEL, reference)
        refused = self._told(order, attempt, CANCEL, guarantee.reference)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            self._answered(tx, attempt, refused)
            if _guarantee(rows, guarantee.id).state == "cancelling":
                self._note_refusal(tx, order, "GUARANTEE_RELEASE_REFUSED", reference, refused)
                drop_guarantee(tx, rows, _guarantee(rows, guarantee.id), order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="tell_withdrawal")
    def tell_withdrawal(self, order: Subject) -> Standing:
        """Tells the insurer to stop work on a claim, to go on with it, or to forget it."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            one = _withdrawal(rows, order.subject)
            word = one.to_tell()
            if not word or one.claim_id is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            claim = rows.claim(one.claim_id)
            reference = f"{claim.reference}{_LETTERS[word]}{one.sequence}"
            attempt = self._attempt(tx, order, one.organisation_id, word, reference)
        refused = self._told(order, attempt, word, claim.reference)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            self._answered(tx, attempt, refused)
            if _withdrawal(rows, one.id).told == one.told:
                self._note_refusal(tx, order, "WITHDRAWAL_NOTICE_REFUSED", reference, refused)
                tx.change_withdrawal(one.id, told=word)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _attempt(
        self, tx: EpisodeTransaction, order: Subject, insurer: str, word: str, reference: str
    ) -> Attempt:
        attempt = open_attempt(tx, order, insurer, word, reference, [])
        assert attempt is not None, "a message without personal data needs no consent"
        return attempt

    def _told(self, order: Subject, attempt: Attempt, word: str, about: str) -> str:
        """The code of a refusal for good; none when it was taken."""
        party = self._world.insurers[attempt.party]
        try:
            with recorded(self._world, attempt):
                party.stop(word, about, attempt.reference, order.at)
        except Final as error:
            return error.code
        return ""

    def _answered(self, tx: EpisodeTransaction, attempt: Attempt, refused: str) -> None:
        if not refused:
            tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")

    def _note_refusal(
        self, tx: EpisodeTransaction, order: Subject, code: str, reference: str, refused: str
    ) -> None:
        if refused:
            details = {"code": party_code(refused)}
            tx.open_exception(order.episode_id, code, reference, details, order.at)


def _withdrawal(rows: EpisodeRows, withdrawal_id: str) -> WithdrawalRow:
    return next(one for one in rows.withdrawals if one.id == withdrawal_id)


def _guarantee(rows: EpisodeRows, guarantee_id: str) -> GuaranteeRow:
    return next(one for one in rows.guarantees if one.id == guarantee_id)
