"""Corrections of bills from a page: read as their visitor may, looked at by the step that would
apply them, sent by the API's own door."""

from __future__ import annotations

import asyncio

from ulid import ULID

from crossclaim.api.entry import canonical, context_for, enter, known_stay
from crossclaim.api.services import ApiServices
from crossclaim.console.corrections import Correctable
from crossclaim.domain.bill_amendment import Amendment, amended, with_its_kind
from crossclaim.domain.bill_look import BillLook, BillLooked
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.faults import read_submission, refusal_text
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import BillSubmission, SubmissionKind
from crossclaim.engine import EpisodeEngine
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.party_view import sees_all
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.store.rows import read_party_rows

_SEALED = "select sealed from bill where id = %(bill)s"
_LOOK_WITHIN_S = 15.0


class BillCorrections:
    """Implements ``crossclaim.console.corrections.Corrections``."""

    def __init__(
        self, staff: PlatformStaff, keyring: Keyring, engine: EpisodeEngine, api: ApiServices
    ) -> None:
        self._staff = staff
        self._keyring = keyring
        self._engine = engine
        self._api = api

    async def bills(self, principal: Principal, episode_id: str) -> list[Correctable]:
        return await asyncio.to_thread(self._bills, principal, episode_id)

    def _bills(self, principal: Principal, episode_id: str) -> list[Correctable]:
        with self._staff.database(principal).begin(principal.organisation) as connection:
            rows = read_party_rows(connection, episode_id)
            if rows is None or not sees_all(principal, rows):
                raise NotFound("there is no such episode")
            final = [bill for bill in rows.bills if bill.payable]
            sealed = [
                bytes(connection.execute(_SEALED, {"bill": bill.id}).scalar_one()) for bill in final
            ]
        newest: dict[str, int] = {}
        for bill in rows.bills:
            newest[bill.number] = max(newest.get(bill.number, 0), bill.version)
        try:
            plain = [self._keyring.decrypt(episode_id, one, "bill") for one in sealed]
        except (KeyDestroyed, KeyMissing):
            # The person's data were erased: there is nothing left to correct.
            return []
        bills = [BillSubmission.model_validate_json(one) for one in plain]
        return [Correctable(bill=one, next_version=newest[one.number] + 1) for one in bills]

    async def look(
        self, principal: Principal, episode_id: str, of: Correctable, change: Amendment
    ) -> BillLooked:
        bill = await self._read(principal, episode_id, of, change)
        order = BillLook(
            episode_id=episode_id,
            look=str(ULID()),
            organisation_id=principal.organisation,
            content=canonical(bill),
            at=self._api.now(),
        )
        if order.too_long:
            return BillLooked(faults=[fault("BILL_TOO_LONG_TO_LOOK_AT", "/lines")])
        return await self._engine.look_at_bill(order, _LOOK_WITHIN_S)

    async def correct(
        self, principal: Principal, episode_id: str, of: Correctable, change: Amendment
    ) -> int:
        bill = await self._read(principal, episode_id, of, change)
        answer = await enter(
            self._api,
            principal,
            SubmissionKind.BILL,
            canonical(bill),
            episode_id=episode_id,
            stay=await known_stay(self._api, principal, episode_id),
            idempotency_key=None,
        )
        return answer.status

    async def _read(
        self, principal: Principal, episode_id: str, of: Correctable, change: Amendment
    ) -> BillSubmission:
        raw = amended(of.bill, change, of.next_version)
        context = context_for(self._api, principal, await self._stay(principal, episode_id))
        model, faults = read_submission(SubmissionKind.BILL, raw, self._api.reference, context)
        if model is None or faults:
            raise Refused(refusal_text(len(faults)), faults)
        assert isinstance(model, BillSubmission)
        return with_its_kind(of.bill, model)

    async def _stay(self, principal: Principal, episode_id: str) -> Stay:
        """Staff look and send nothing: the step itself judges what they look at."""
        if self._staff.looks_after_all(principal):
            return Stay()
        return await known_stay(self._api, principal, episode_id)
