"""Answers that insurers send of themselves: checked, kept as a submission, then applied."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from crossclaim.config import InsurerConnection
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.gateways.strict_json import StrictJsonError, loads
from crossclaim.security import webhooks
from crossclaim.service.insurer_answers import InsurerAnswers
from crossclaim.store.session import Database


class SignedCallbacks:
    """Implements ``crossclaim.api.callback_ports.InsurerCallbacks``.

    A repeated webhook id is the same submission, so it changes nothing; one that finds the engine
    down is kept and swept later.
    """

    def __init__(
        self,
        insurers: list[InsurerConnection],
        database: Database,
        answers: InsurerAnswers,
    ) -> None:
        # Over HCX an insurer signs in another way, and a webhook's secret would be one door more.
        self._insurers = {i.organisation: i for i in insurers if i.hcx is None}
        self._database = database
        self._answers = answers

    async def receive(self, insurer: str, headers: Mapping[str, str], raw_body: bytes) -> None:
        known = self._insurers.get(insurer)
        if known is None or known.callback_secret is None:
            raise NotFound("there is no such insurer")
        webhook_id = webhooks.verify([known.callback_secret.get_secret_value()], headers, raw_body)
        reference = _reference(raw_body)
        episode_id = await asyncio.to_thread(self._episode, insurer, reference)
        await self._answers.take(insurer, episode_id, webhook_id, raw_body.decode())

    def _episode(self, insurer: str, reference: str) -> str:
        """The episode that the reference belongs to, as far as this insurer may see."""
        with self._database.begin(insurer) as connection:
            found: str | None = connection.execute(
                """
                select episode_id from guarantee
                where reference = %(ref)s and insurer_id = %(insurer)s
                union all
                select episode_id from claim
                where reference = %(ref)s and organisation_id = %(insurer)s
                """,
                {"ref": reference, "insurer": insurer},
            ).scalar_one_or_none()
        if found is None:
            raise NotFound("there is no request with this reference")
        return found


def _reference(raw_body: bytes) -> str:
    """``ClaimResponse.request.identifier.value``: our own reference."""
    try:
        resource: Any = loads(raw_body)
    except StrictJsonError:
        resource = None
    if isinstance(resource, dict) and resource.get("resourceType") == "ClaimResponse":
        request = resource.get("request")
        identifier = request.get("identifier") if isinstance(request, dict) else None
        value = identifier.get("value") if isinstance(identifier, dict) else None
        if isinstance(value, str):
            return value
    raise Refused(
        "a callback is a ClaimResponse whose request.identifier is our reference",
        [],
        code="CALLBACK_NOT_UNDERSTOOD",
    )
