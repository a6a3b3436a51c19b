"""Our own steps with an insurer whose word is under way while something else happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from activities.orders import Subject
from activities.world import World
from crossclaim.domain.party import ClaimAnswer, GuaranteeAnswer
from crossclaim.gateways import fhir_answer, fhir_terms
from crossclaim.gateways.http import PartyHttp
from crossclaim.gateways.insurer import InsurerGateway
from crossclaim.stack import Stack
from crossclaim.store.transaction import SqlRecords
from crossclaim.wiring import House, worker_house
from tests.flows.inpatient_stay import THERE

Meanwhile = Callable[[], object]


class CrossingInsurer(InsurerGateway):
    """The real gateway; between its answer and our hearing it, ``meanwhile`` happens."""

    def __init__(self, http: PartyHttp, meanwhile: Meanwhile) -> None:
        super().__init__(http)
        self._meanwhile = meanwhile

    def find_claim(self, reference: str) -> ClaimAnswer:
        answer = super().find_claim(reference)
        self._meanwhile()
        return answer

    def find_guarantee(self, reference: str) -> GuaranteeAnswer:
        answer = super().find_guarantee(reference)
        self._meanwhile()
        return answer


def house_of(stack: Stack) -> House:
    return worker_house(stack.settings)


def world_of(house: House, meanwhile: Meanwhile) -> World:
    """What the worker's steps are handed, but for the crossing insurer."""
    known = next(i for i in house.parties.insurers if i.organisation == THERE)
    http = PartyHttp(
        known.base_url,
        known.api_key,
        house.parties.ca_file,
        house.parties.timeout_s,
        known.organisation,
        media_type=fhir_terms.MEDIA_TYPE,
        read_refusal=fhir_answer.read_refusal,
    )
    return World(
        records=SqlRecords(house.database, house.keyring),
        plan_shelf=house.plan_shelf.plans,
        reference=house.reference,
        insurers={THERE: CrossingInsurer(http, meanwhile)},
    )


def order_about(episode_id: str, subject: str) -> Subject:
    return Subject(episode_id=episode_id, subject=subject, at=datetime.now(UTC))


def details_of_exceptions(house: House, episode_id: str) -> list[dict[str, str]]:
    return _column(
        house, "select details from exception_item where episode_id = %(id)s", episode_id
    )


def dispositions(house: House, episode_id: str) -> list[str]:
    """What stands in the open of the insurer's own words about its decisions."""
    query = "select decision ->> 'disposition' from claim where episode_id = %(id)s"
    return _column(house, query, episode_id)


def _column(house: House, query: str, episode_id: str) -> list[Any]:
    with house.database.begin() as connection:
        return list(connection.execute(query, {"id": episode_id}).scalars())
