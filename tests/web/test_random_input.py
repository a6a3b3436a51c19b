"""Whatever is sent, the API answers below 500, refusals as problems."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.house import SHENZHEN, MemoryHouse, client_of, example, started

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
_PATHS = ("bills", "admission", "discharge", "tenders", "voids", "consents", "reimbursements")
_QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def mutated(data: st.DataObject, raw: Any) -> Any:
    """One or a few places of ``raw`` filled with something else."""
    for _ in range(data.draw(st.integers(1, 3))):
        node = raw
        while True:
            steps = list(node) if isinstance(node, dict) else list(range(len(node)))
            step = data.draw(st.sampled_from(steps))
            deeper = isinstance(node[step], dict | list) and node[step]
            if not deeper or data.draw(st.booleans()):
                node[step] = data.draw(_JSON)
                break
            node = node[step]
    return raw


@_QUIET
@given(data=st.data())
async def test_random_json_never_breaks_a_submission(data: st.DataObject) -> None:
    async with client_of(MemoryHouse()) as client:
        episode = await started(client)
        path = data.draw(st.sampled_from(_PATHS))
        content = json.dumps(data.draw(_JSON))
        headers = {**SHENZHEN, "Content-Type": "application/json"}
        address = f"/v1/episodes/{episode}/{path}"
        response = await client.post(address, content=content, headers=headers)
        assert 400 <= response.status_code < 500
        assert response.json()["errors"]


@_QUIET
@given(data=st.data())
async def test_a_good_submission_with_random_parts_is_taken_or_refused(
    data: st.DataObject,
) -> None:
    async with client_of(MemoryHouse()) as client:
        episode = await started(client)
        bill = data.draw(st.booleans())
        raw = mutated(data, example("episode-1-bill-final" if bill else "episode-1-inpatient"))
        address = f"/v1/episodes/{episode}/bills" if bill else "/v1/episodes"
        headers = {**SHENZHEN, "Content-Type": "application/json"}
        response = await client.post(address, content=json.dumps(raw), headers=headers)
        assert response.status_code < 500


@settings(max_examples=25, deadline=None)
@given(data=st.data())
async def test_a_fhir_bundle_with_random_parts_is_taken_or_refused(data: st.DataObject) -> None:
    async with client_of(MemoryHouse()) as client:
        raw = mutated(data, example("fhir-claim-bundle"))
        headers = {**SHENZHEN, "Content-Type": "application/fhir+json"}
        response = await client.post(
            "/fhir/Claim/$submit", content=json.dumps(raw), headers=headers
        )
        assert response.status_code < 500


@_QUIET
@given(content=st.binary(max_size=200))
async def test_random_bytes_never_break_a_submission(content: bytes) -> None:
    async with client_of(MemoryHouse()) as client:
        headers = {**SHENZHEN, "Content-Type": "application/json"}
        response = await client.post("/v1/episodes", content=content, headers=headers)
        assert 400 <= response.status_code < 500


@_QUIET
@given(headers=st.dictionaries(
    st.sampled_from(["authorization", "accept-language", "idempotency-key", "x-correlation-id",
                     "content-type", "accept"]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF), max_size=40),
))  # fmt: skip
async def test_random_headers_never_break_an_answer(headers: dict[str, str]) -> None:
    async with client_of(MemoryHouse()) as client:
        encoded = {**SHENZHEN, **headers}
        latin = [(n.encode(), v.encode("latin-1")) for n, v in encoded.items()]
        response = await client.post("/v1/episodes", content=b"{}", headers=latin)
        assert 400 <= response.status_code < 500
