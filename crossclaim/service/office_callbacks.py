"""What the medical insurance office sends of itself: checked, kept, then applied."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ulid import ULID

from crossclaim.config import FamilyOfficeConnection
from crossclaim.domain.errors import NotFound, Refused, Unavailable
from crossclaim.domain.family_binding import binding_of
from crossclaim.domain.submission import SubmissionKind
from crossclaim.engine import EpisodeEngine, StillRunning
from crossclaim.gateways.strict_json import StrictJsonError, loads
from crossclaim.security import webhooks
from crossclaim.store.intake_tables import SqlIntake
from crossclaim.store.session import Database

APPLY_WITHIN_S = 5.0


class SignedOfficeCallbacks:
    """Implements ``crossclaim.api.callback_ports.OfficeCallbacks``.

    A repeated webhook id is the same submission, so it changes nothing; one that finds the engine
    down is kept and swept later.
    """

    def __init__(
        self,
        office: FamilyOfficeConnection | None,
        database: Database,
        rows: SqlIntake,
        engine: EpisodeEngine,
    ) -> None:
        self._office = office
        self._database = database
        self._rows = rows
        self._engine = engine

    async def receive(self, headers: Mapping[str, str], raw_body: bytes) -> None:
        if self._office is None or self._office.callback_secret is None:
            raise NotFound("there is no such office")
        secret = self._office.callback_secret.get_secret_value()
        webhook_id = webhooks.verify([secret], headers, raw_body)
        reference = _reference(raw_body)
        organisation = await asyncio.to_thread(self._organisation, reference)
        kind, binding_id = SubmissionKind.OFFICE_ANSWER, binding_of(reference)
        received = await asyncio.to_thread(
            self._rows.receive,
            organisation,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=binding_id,
            business_key=f"callback/family-office/{webhook_id}",
            content={"message": raw_body.decode()},
            idempotency_key=None,
        )
        if received.outcome is not None:
            return
        try:
            await self._engine.submit(binding_id, received.id, kind.value, APPLY_WITHIN_S)
            await asyncio.to_thread(self._rows.taken, organisation, received.id)
        except (StillRunning, Unavailable):
            return

    def _organisation(self, reference: str) -> str:
        """Who applied; only the office's own signature lets anybody ask."""
        with self._database.begin() as connection:
            found: str | None = connection.execute(
                "select family_binding_organisation(%(reference)s)", {"reference": reference}
            ).scalar_one_or_none()
        if found is None:
            raise NotFound("there is no application with this reference")
        return found


def _reference(raw_body: bytes) -> str:
    try:
        message = loads(raw_body)
    except StrictJsonError:
        message = None
    reference = message.get("reference") if isinstance(message, dict) else None
    if not isinstance(reference, str):
        raise Refused(
            "a callback is an application that names our reference",
            [],
            code="CALLBACK_NOT_UNDERSTOOD",
        )
    return reference
