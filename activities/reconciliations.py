"""Compares a day's settlements with the bureau's: sums first, then one by one what differs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.orders import Compared, Comparison
from activities.ports import Bureau
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bureau import (
    AnswerContradicts,
    Institution,
    SettledDifference,
    SettledTotal,
)
from crossclaim.domain.bureau_items import detail_items, scope_of, total_items
from crossclaim.domain.bureau_settled import SettledClaim, summed
from crossclaim.domain.errors import CrossclaimError, Final, OutcomeUnknown, Retryable
from crossclaim.domain.source_items import Source

_DIFFERS = "BUREAU_TOTALS_DIFFER"


class ComparedTotal(Frozen):
    """One sum that was compared, and what differed in it."""

    held: SettledTotal
    equal: bool
    differences: list[SettledDifference] = []


class ReconciliationSteps:
    """3201, and 3202 where the sums differ. Asking moves nothing, so it may be repeated."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="compare_settlements")
    def compare_settlements(self, order: Comparison) -> Compared:
        """Of one hospital, or of every designated one when none is named; one that fails stops no
        other, and a repeat asks for those sums alone that were not compared."""
        hospitals = [h.id for h in self._world.reference.hospitals if h.designation is not None]
        if order.hospital:
            hospitals = [h for h in hospitals if h == order.hospital]
        found, failed = [], []
        for hospital in hospitals:
            with self._world.records.transaction() as tx:
                done = tx.sums_noted(hospital, order.begins, order.ends, order.at)
            try:
                found += self.compare(hospital, order, done)
            except (Retryable, OutcomeUnknown, Final, AnswerContradicts) as error:
                failed.append(error)
        if failed:
            raise ApplicationError(failed[0].detail, type=failed[0].code)
        return Compared(
            sums=len(found),
            unequal=sum(not one.equal for one in found),
            differences=sum(len(one.differences) for one in found),
        )

    def compare(
        self,
        hospital: str,
        order: Comparison,
        done: Collection[tuple[str, str, bool]] = frozenset(),
    ) -> list[ComparedTotal]:
        """Every insurance and area of one hospital; each result stays in our rows."""
        known = self._world.reference.hospital(hospital)
        if known is None or known.designation is None:
            raise CrossclaimError("this hospital is not designated", code="BUREAU_NOT_DESIGNATED")
        place = Institution(code=known.designation.code, area=known.designation.area)
        with self._world.records.transaction() as tx:
            claims = tx.settled(hospital, order.begins, order.ends)
        return [
            self._compared(hospital, held, of)
            for held, of in summed(claims, place, order.begins, order.ends, order.at)
            if (held.insurance.value, held.area_code, held.stay) not in done
        ]

    def _bureau(self) -> Bureau:
        if self._world.bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        return self._world.bureau

    def _compared(
        self, hospital: str, held: SettledTotal, claims: list[SettledClaim]
    ) -> ComparedTotal:
        equal = self._bureau().totals_agree(held)
        differences: list[SettledDifference] = []
        if not equal:
            differences = self._bureau().differences(held, [c.detail for c in claims])
        self._note(hospital, ComparedTotal(held=held, equal=equal, differences=differences), claims)
        return ComparedTotal(held=held, equal=equal, differences=differences)

    def _note(self, hospital: str, compared: ComparedTotal, claims: list[SettledClaim]) -> None:
        """A difference about an episode of ours is an exception there; others stand in the row. One
        that is gone settles its exception."""
        ours, at = {claim.settlement: claim for claim in claims}, compared.held.at
        told = {found.settlement: found for found in compared.differences}
        with self._world.records.transaction() as tx:
            number = tx.note_comparison(hospital, compared.held, compared.equal)
            standing = tx.open_exceptions_of(_DIFFERS, [claim.reference for claim in claims])
            known = compared.equal or bool(told)
            agree = {
                c.settlement for c in claims if known and c.reference in standing
            } - told.keys()
            # Episodes are locked in one order, so that two comparisons never wait in a circle.
            for settlement in sorted(told.keys() | agree, key=lambda name: _episode(ours, name)):
                claim, found = ours.get(settlement), told.get(settlement)
                if found is not None:
                    tx.note_difference(number, hospital, found, claim)
                if claim is not None:
                    self._tell(tx, claim, found, at)
            self._keep_items(tx, hospital, compared, claims)

    @staticmethod
    def _tell(
        tx: EpisodeTransaction, claim: SettledClaim, found: SettledDifference | None, at: datetime
    ) -> None:
        tx.hold(claim.episode_id)
        if found is None:
            tx.resolve_exceptions(claim.episode_id, [_DIFFERS], at, claim.reference)
        else:
            details = {"code": found.kind}
            tx.open_exception(claim.episode_id, _DIFFERS, claim.reference, details, at)
        tx.change_episode(claim.episode_id)

    @staticmethod
    def _keep_items(
        tx: EpisodeTransaction, hospital: str, compared: ComparedTotal, claims: list[SettledClaim]
    ) -> None:
        """The sum and what it is made of, each with its status; open ones keep the day open."""
        held, told = compared.held, compared.differences
        totals = total_items(held, compared.equal, claims, told)
        tx.keep_source_items(scope_of(hospital, held, Source.BUREAU_TOTAL), totals, held.at)
        details = detail_items(held, claims, told)
        tx.keep_source_items(scope_of(hospital, held, Source.BUREAU_DETAIL), details, held.at)


def _episode(ours: dict[str, SettledClaim], settlement: str) -> tuple[str, str]:
    claim = ours.get(settlement)
    return (claim.episode_id if claim else "", settlement)
