"""Tells the bureau that a stay is over, or that none of it will be settled there."""

from __future__ import annotations

from temporalio import activity

from activities.claims_due import open_claims
from activities.insured_accounts import account_of, again, set_aside, suffix
from activities.orders import Subject
from activities.sending import open_attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.bureau import BUREAU, AnswerContradicts, DischargeOrder, StayOrder
from crossclaim.domain.bureau_quote import BureauAccount
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.standing_bureau import CONSENTS, discharge_due, unused_stay

PUT_RIGHT = ["BUREAU_ANSWER_CONTRADICTS", "BUREAU_CONSENT_MISSING", "BASIC_DISCHARGE_REFUSED"]


class BureauStaySteps:
    """2402 once for each stay, and 2405 with 2404 for one that the bureau pays nothing of; repeated
    they change nothing there."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="discharge_insured")
    def discharge_insured(self, order: Subject) -> Standing:
        """The stay stands as discharged, or a person hears why not."""
        reference = f"BL{suffix(order.episode_id)}D"
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            account = account_of(tx, rows)
            if not discharge_due(rows) or account is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = open_attempt(tx, order, BUREAU, "discharge", reference, CONSENTS)
            if attempt is None:
                code = "BUREAU_CONSENT_MISSING"
                tx.put_bureau_stay(order.episode_id, "no_consent", order.at, code=code)
                tx.open_exception(order.episode_id, code, "", {}, order.at)
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
        try:
            with recorded(self._world, attempt):
                self._tell(rows, account, order, reference)
        except Final as error:
            return self._refused(order, error)
        except AnswerContradicts as error:
            set_aside(self._world, order, attempt, error, reference)
            raise again(error) from None
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(reference, "discharge", attempt.number, "answered")
            if discharge_due(rows):
                tx.put_bureau_stay(order.episode_id, "discharged", order.at)
                tx.resolve_exceptions(order.episode_id, PUT_RIGHT, order.at)
                open_claims(tx, order.episode_id, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="take_back_stay")
    def take_back_stay(self, order: Subject) -> Standing:
        """Nothing of the stay was laid on the bureau, so nothing of it stays registered there."""
        reference = f"BL{suffix(order.episode_id)}X"
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            account = account_of(tx, rows)
            if not unused_stay(rows) or account is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = open_attempt(tx, order, BUREAU, "stay_back", reference, [])
            assert attempt is not None, "taking back needs no consent"
        refused = ""
        try:
            with recorded(self._world, attempt):
                self._take_back(account, order, reference)
        except Final as error:
            refused = error.code
        except AnswerContradicts as error:
            set_aside(self._world, order, attempt, error, reference)
            raise again(error) from None
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if not refused:
                tx.close_attempt(reference, "stay_back", attempt.number, "answered")
                tx.resolve_exceptions(order.episode_id, PUT_RIGHT, order.at)
            if unused_stay(rows):
                state = "kept" if refused else "withdrawn"
                tx.put_bureau_stay(order.episode_id, state, order.at, code=refused)
                if refused:
                    code, details = "BASIC_STAY_NOT_TAKEN_BACK", {"code": refused}
                    tx.open_exception(order.episode_id, code, "", details, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _take_back(self, account: BureauAccount, order: Subject, reference: str) -> None:
        if self._world.bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        self._world.bureau.take_back_stay(
            StayOrder(
                reference=reference,
                institution=account.institution,
                person_number=account.person.number,
                area_code=account.person.area_code,
                visit_id=account.visit_id,
                at=order.at,
            )
        )

    def _tell(
        self, rows: EpisodeRows, account: BureauAccount, order: Subject, reference: str
    ) -> None:
        bureau, ends = self._world.bureau, rows.episode.discharged_at
        if bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        assert ends is not None, "a discharge is due once the patient has left"
        bureau.discharge(
            DischargeOrder(
                reference=reference,
                institution=account.institution,
                person_number=account.person.number,
                area_code=account.person.area_code,
                visit_id=account.visit_id,
                ends=ends,
                at=order.at,
            )
        )

    def _refused(self, order: Subject, error: Final) -> Standing:
        """Nothing is settled meanwhile; the next bill that is shown to the bureau tries again."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if discharge_due(rows):
                tx.put_bureau_stay(order.episode_id, "refused", order.at, code=error.code)
                details = {"code": error.code}
                code = "BASIC_DISCHARGE_REFUSED"
                tx.open_exception(order.episode_id, code, "", details, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
