"""A settlement over HTTP: the caller chooses the form; whoever is no party reads nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import httpx
import pytest
from fhir.resources.R4B.paymentreconciliation import PaymentReconciliation

from crossclaim.api.application import build_app
from crossclaim.domain.settlement import Settlement, settlement_of
from crossclaim.security.roles import Principal
from crossclaim.service.settlements import SettlementDesk
from tests.unit.settled_day import DAY, HOSPITAL, INSURER, booked
from tests.web.house import AUDITOR, SHENZHEN, MemoryHouse, services_over

PATH = f"/v1/settlements/{HOSPITAL}/{INSURER}/{DAY}"
FACTS = settlement_of(HOSPITAL, INSURER, DAY, [booked(5_185_050), booked(700)], 0)


class OneDay(SettlementDesk):
    """A desk whose ledger has one day; the forms are its own."""

    def __init__(self, house: MemoryHouse) -> None:
        self._reference = services_over(house).reference
        self._issued = None

    def _read(self, principal: Principal, hospital: str, funder: str, day: date) -> Settlement:
        return FACTS


@pytest.fixture
async def served(house: MemoryHouse) -> AsyncIterator[httpx.AsyncClient]:
    services = replace(services_over(house), settlements=OneDay(house))
    transport = httpx.ASGITransport(build_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        yield client


@pytest.mark.parametrize(
    ("accept", "form", "media"),
    [
        ("*/*", "", "application/json"),
        ("application/fhir+json", "", "application/fhir+json"),
        ("text/csv, application/json", "", "text/csv; charset=utf-8"),
        ("text/html, application/pdf;q=0.9", "", "application/pdf"),
        ("application/json", "?form=csv", "text/csv; charset=utf-8"),
    ],
)
async def test_the_caller_chooses_the_form(
    served: httpx.AsyncClient, accept: str, form: str, media: str
) -> None:
    answer = await served.get(PATH + form, headers={**SHENZHEN, "Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    again = await served.get(PATH + form, headers={**SHENZHEN, "Accept": accept})
    assert answer.content == again.content
    assert answer.headers["etag"] == again.headers["etag"]
    if "fhir" in media:
        PaymentReconciliation.model_validate(answer.json())
    if "csv" in media:
        assert answer.headers["content-disposition"].endswith('.csv"')
        assert "51857.50" in answer.text


async def test_the_language_is_the_readers(served: httpx.AsyncClient) -> None:
    headers = {**SHENZHEN, "Accept-Language": "zh-HK"}
    told = (await served.get(PATH, headers=headers)).json()
    assert told["lines"][0]["detail"] == "付款"
    assert told["payable"] == {"amount": "51857.50", "currency": "CNY"}


async def test_whoever_is_no_party_reads_no_settlement(served: httpx.AsyncClient) -> None:
    assert (await served.get(PATH, headers=AUDITOR)).status_code == 403
    assert (await served.get(PATH)).status_code == 401
    odd = await served.get(PATH.replace(INSURER, "..%2Fetc"), headers=SHENZHEN)
    assert odd.status_code in (404, 422)
    assert (await served.get("/v1/settlements", headers=SHENZHEN)).status_code == 422
