"""The description tells what every answer holds and where it leads; wrong bodies are off it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from crossclaim.domain.credit_rows import CreditEventRow
from crossclaim.domain.credit_standing import CreditHabits, standing_of
from crossclaim.domain.credit_story import account_body, statement_body
from crossclaim.domain.family_binding import BindingHabits, BindingRow, BindingState
from crossclaim.domain.family_story import BindingStory, tell_binding
from crossclaim.service.family import binding_view, story_view
from tests.unit.test_credit_position import drawn, opened
from tests.web.house import application

AT = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    document: dict[str, Any] = application().openapi()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = document["components"]["schemas"]
    return known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def test_every_answer_of_success_is_described_by_its_members(document: dict[str, Any]) -> None:
    bare = [
        f"{place} {status} {kind}"
        for place, operation in operations(document)
        for status, answer in operation["responses"].items()
        if str(status).startswith("2")
        for kind, content in answer.get("content", {"none": {}}).items()
        if "json" in kind and not resolved(document, content.get("schema", {})).get("properties")
    ]
    assert bare == []


def test_every_link_names_an_operation_and_all_that_its_address_needs(
    document: dict[str, Any],
) -> None:
    by_id = {one["operationId"]: one for _, one in operations(document)}
    for place, operation in operations(document):
        for answer in operation["responses"].values():
            for name, link in answer.get("links", {}).items():
                target = by_id[link["operationId"]]
                wanted = {p["name"] for p in target.get("parameters", []) if p["in"] == "path"}
                assert wanted == link["parameters"].keys(), (place, name)


def test_whatever_is_about_an_episode_is_reached_from_its_opening(
    document: dict[str, Any],
) -> None:
    places = {one["operationId"]: place for place, one in operations(document)}
    leads: dict[str, set[str]] = {}
    for place, operation in operations(document):
        for answer in operation["responses"].values():
            for link in answer.get("links", {}).values():
                leads.setdefault(place, set()).add(places[link["operationId"]])
    reached, left = set(), ["POST /v1/episodes"]
    while left:
        found = leads.get(left.pop(), set()) - reached
        reached |= found
        left += found
    about = {p for p in places.values() if "{episode_id}" in p or "{claim_id}" in p}
    # Which document of it is none that an answer names.
    alone = {
        "GET /v1/episodes/{episode_id}/information-requests/{request_id}/documents/{item}",
    }
    assert about - reached == alone


def holds(document: dict[str, Any], name: str, body: Any) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return bool(Draft202012Validator(schema).is_valid(body))


def test_an_account_of_pay_after_care_and_its_statement_are_as_described(
    document: dict[str, Any],
) -> None:
    event = CreditEventRow(code="CARD_BOUND", reference="CP0", amount_minor=100, occurred_at=AT)
    rows = drawn(opened(), 100_00)
    rows = rows.model_copy(update={"events": [event]})
    standing = standing_of(rows, CreditHabits(), AT)
    account = account_body(rows, standing)
    assert holds(document, "CreditAccountAnswer", account)
    assert not holds(document, "CreditAccountAnswer", {**account, "card_number": "6222"})
    for language in ("en", "zh-Hant", "zh-Hans"):
        assert holds(document, "CreditStatementAnswer", statement_body(rows, standing, language))


def binding() -> BindingRow:
    return BindingRow(
        id="fb_1",
        organisation_id="jiangmen-central",
        number="FB-1",
        channel="wechat",
        relation="child",
        plan="family-mutual-aid-gd",
        plan_version="1",
        judged_on=date(2026, 3, 2),
        state=BindingState.APPLIED,
        revision=1,
        reference="FB1",
        applied_at=AT,
    )


def test_a_family_binding_and_its_story_are_as_described(document: dict[str, Any]) -> None:
    row = binding()
    view = binding_view(row, None)
    assert holds(document, "WholeFamilyBindingAnswer", {**view, "exceptions": []})
    assert holds(document, "FamilyBindingsAnswer", {"bindings": [view], "next": None})
    assert not holds(document, "FamilyBindingsAnswer", {"bindings": [{**view, "name": "CHAN"}]})
    told = tell_binding(
        BindingStory(row=row, states=[], attempts=[], exceptions=[]), BindingHabits(), AT
    )
    assert holds(document, "FamilyStoryAnswer", story_view(told, "zh-Hant"))
