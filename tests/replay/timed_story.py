"""Fake steps over a few rows in memory; what is due next is read off them by the real rules.

An exception to "real engines": only timers are looked at, on the server that skips time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity

from activities.orders import Applied, Apply, Receipt, Subject
from crossclaim.domain.errors import Final
from crossclaim.domain.habits import Habits
from crossclaim.domain.records import (
    CoverageRow,
    EpisodeRow,
    EpisodeRows,
    GuaranteeRow,
    PayoutRow,
)
from crossclaim.domain.standing import Standing, standing_of
from crossclaim.domain.submission import EncounterClass, FunderKind

START = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
FENCE = timedelta(days=2)
HABITS = Habits(answer_within_s=900, bank_answer_within_s=600, bank_inquire_every_s=3600)

Rule = Callable[[EpisodeRows, Habits, datetime], Standing]


def empty_rows() -> EpisodeRows:
    return EpisodeRows(
        episode=EpisodeRow(
            id="ep_1",
            hospital_id="hku-szh",
            encounter_class=EncounterClass.INPATIENT,
            status="open",
            revision=1,
            opened_at=START,
        ),
        coverages=[
            CoverageRow(
                ordinal=0,
                funder=FunderKind.INSURER,
                organisation_id="harbour-life",
                decides="there",
                eligible=True,
            )
        ],
    )


def reserved_payout() -> PayoutRow:
    return PayoutRow(
        reference="PO1",
        claim_id="cl_1",
        sequence=1,
        payee="hospital",
        payee_account_sha256="a" * 64,
        debtor_organisation_id="harbour-life",
        bank="harbour-bank",
        amount_minor=3104033,
        state="reserved",
        reserved_at=START,
    )


def due_guarantee() -> GuaranteeRow:
    return GuaranteeRow(
        id="gu_1", insurer_id="harbour-life", reference="GU1", state="due", limit_minor=None
    )


class TimedStory:
    """Keeps (step, seconds since the first step), and ends the run when ``finished`` says so."""

    def __init__(
        self,
        rows: EpisodeRows,
        finished: Callable[[EpisodeRows], bool],
        rule: Rule = standing_of,
        answers_after: int = 3,
    ) -> None:
        self.rows = rows
        self.steps: list[tuple[str, float]] = []
        self._finished = finished
        self._rule = rule
        self._answers_after = answers_after
        self._began: datetime | None = None
        self.refusals = 0
        """How many requests for a guarantee fail for good before one is taken."""

    def _note(self, step: str, at: datetime) -> None:
        self._began = self._began or at
        self.steps.append((step, (at - self._began).total_seconds()))

    def _standing(self, at: datetime, **changes: Any) -> Standing:
        """After a change the revision rises, as in the real rows."""
        episode = self.rows.episode.model_copy(
            update={"revision": self.rows.episode.revision + bool(changes)}
        )
        self.rows = self.rows.model_copy(update={"episode": episode, **changes})
        standing = self._rule(self.rows, HABITS, at)
        ended = self._finished(self.rows)
        return standing.model_copy(update={"closed": True, "payout": None}) if ended else standing

    def _payout(self, at: datetime, **changes: Any) -> Standing:
        (payout,) = self.rows.payouts
        return self._standing(at, payouts=[payout.model_copy(update=changes)])

    def _guarantee(self, at: datetime, **changes: Any) -> Standing:
        (guarantee,) = self.rows.guarantees
        return self._standing(at, guarantees=[guarantee.model_copy(update=changes)])

    @activity.defn(name="take_stock")
    async def take_stock(self, order: Subject) -> Standing:
        return self._standing(order.at)

    @activity.defn(name="apply_submission")
    async def apply_submission(self, order: Apply) -> Applied:
        self._note("bill", order.at)
        receipt = Receipt(submission_id=order.submission_id, status=200)
        return Applied(receipt=receipt, standing=self._standing(order.at))

    @activity.defn(name="send_payout")
    async def send_payout(self, order: Subject) -> Standing:
        self._note("send", order.at)
        orders = self.rows.payouts[0].orders + 1
        fence = order.at + FENCE
        return self._payout(order.at, state="sent", orders=orders, sent_at=order.at, fence_at=fence)

    @activity.defn(name="inquire_payout")
    async def inquire_payout(self, order: Subject) -> Standing:
        """The bank has no such payment, each time: an absence that counts only after the fence."""
        self._note("inquire", order.at)
        (payout,) = self.rows.payouts
        return self._payout(
            order.at,
            state="unknown",
            inquiries=payout.inquiries + 1,
            last_inquiry_at=order.at,
            absent_at=order.at,
        )

    @activity.defn(name="request_guarantee")
    async def request_guarantee(self, order: Subject) -> Standing:
        self._note("request", order.at)
        if self.refusals:
            self.refusals -= 1
            raise Final("nothing can be sent")
        return self._guarantee(order.at, state="queued", requested_at=order.at)

    @activity.defn(name="inquire_guarantee")
    async def inquire_guarantee(self, order: Subject) -> Standing:
        self._note("inquire", order.at)
        asked = sum(step == "inquire" for step, _ in self.steps)
        state = "granted" if asked >= self._answers_after else "queued"
        return self._guarantee(order.at, state=state, requested_at=order.at)

    @activity.defn(name="note_failed_step")
    async def note_failed_step(self, order: Subject) -> Standing:
        self._note(f"failed {order.subject}", order.at)
        return self._standing(order.at, coverages=self.rows.coverages)

    @activity.defn(name="archive_history")
    async def archive_history(self, order: Subject) -> None:
        self._note("archive", order.at)
