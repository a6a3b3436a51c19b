"""Tells an insurer that a claim's settlement was cancelled: our reference and that word alone."""

from __future__ import annotations

from temporalio import activity

from activities.coded import party_code
from activities.orders import Subject
from activities.sending import open_attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.standing import Standing

WITHDRAW = "withdraw"


class TakeBackSteps:
    """One call; a claim that the insurer never got has nothing to be taken back."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="take_back_claim")
    def take_back_claim(self, order: Subject) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state != "withdrawing":
                return standing_in(tx, self._world, order.episode_id, order.at)
            insurer, reference = claim.organisation_id or "", f"{claim.reference}W"
            attempt = open_attempt(tx, order, insurer, WITHDRAW, reference, [])
            assert attempt is not None, "a message without personal data needs no consent"
        refused = ""
        try:
            with recorded(self._world, attempt):
                party = self._world.insurers[insurer]
                party.stop(WITHDRAW, claim.reference, reference, order.at)
        except Final as error:
            refused = error.code
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if not refused:
                tx.close_attempt(reference, WITHDRAW, attempt.number, "answered")
            if rows.claim(claim.id).state == "withdrawing":
                tx.change_claim(claim.id, state="voided")
                if refused:
                    details = {"code": party_code(refused)}
                    code = "CLAIM_WITHDRAWAL_REFUSED"
                    tx.open_exception(order.episode_id, code, reference, details, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
