"""What an answer leads to (OpenAPI links): from an episode to its bills, split, claims, payouts.

Where the ids of the next request stand is said once, by rules on the description itself: a new
operation about an episode, a bill, a claim or a payout is linked without a word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

_EPISODE = "/v1/episodes/{episode_id}"
_OPENED = ("post", "/v1/episodes")
_READ = ("get", _EPISODE)
_SUBMISSION = ("get", "/v1/submissions/{submission}")
_ORDER = ("get", "/v1/reconciliation-orders/{order}")
_FINANCE = ("/v1/bank-", "/v1/reconciliation-", "/v1/remittances")
_DONE = ("200", "201", "202")
Place = tuple[str, str]
"""Method and path."""


class Link(NamedTuple):
    source: Place
    target: Place
    parameters: dict[str, str]
    body: dict[str, str] | None = None
    statuses: tuple[str, ...] = _DONE


def _told(name: str) -> str:
    return f"$response.body#/{name}"


_ASKED = "/information-requests"
_SAME = {"episode_id": "$request.path.episode_id"}
_BY_BODY = (
    (("post", f"{_EPISODE}/bills"), {"bill_number": "number", "bill_version": "version"}),
    (_READ, {"payout_reference": "payouts/0/reference"}),
    (_READ, {"claim": "claims/0/id"}),
    (("post", f"{_EPISODE}/information-requests"), {"request": "request"}),
    (("post", f"{_EPISODE}/holds"), {"hold": "number"}),
    (("get", f"{_EPISODE}/cancellation"), {"effect": "effect"}),
)
"""Operations about the same episode whose bodies have these members are led to, with them."""
_OF_REQUEST = frozenset({"bills", "holds"})
"""Of these the members are those that were sent."""
_BY_PATH = (
    (_READ, f"{_EPISODE}/bills/{{number}}/", {**_SAME, "number": _told("bills/0/number")}),
    (_READ, f"{_EPISODE}/voucher-use-records/", {**_SAME, "claim_id": _told("claims/0/id")}),
    (_READ, "/v1/claims/{claim_id}/", {"claim_id": _told("claims/0/id")}),
    (_READ, "/v1/guarantees/{guarantee_id}/", {"guarantee_id": _told("guarantees/0/id")}),
    (
        ("post", f"{_EPISODE}/bills"),
        f"{_EPISODE}/bills/{{number}}/",
        {**_SAME, "number": "$request.body#/number"},
    ),
    (
        ("post", f"{_EPISODE}/hand-overs"),
        f"{_EPISODE}/hand-overs/{{number}}/",
        {**_SAME, "number": "$request.body#/number"},
    ),
    (
        ("post", f"{_EPISODE}/record-requests"),
        f"{_EPISODE}/record-requests/{{number}}",
        {**_SAME, "number": "$request.body#/number"},
    ),
    (
        ("post", f"{_EPISODE}/information-requests"),
        f"{_EPISODE}/information-requests/{{request_id}}/links",
        {**_SAME, "request_id": _told("request")},
    ),
    (
        ("post", f"{_EPISODE}/uploads"),
        f"{_EPISODE}/uploads/{{upload}}/",
        {**_SAME, "upload": _told("upload")},
    ),
    (("get", "/v1/episodes"), _EPISODE, {"episode_id": _told("episodes/0/id")}),
    (
        ("get", "/v1/information-requests"),
        f"{_EPISODE}/information-requests",
        {"episode_id": _told("information_requests/0/episode_id")},
    ),
    (
        ("post", "/v1/credit-accounts"),
        "/v1/credit-accounts/{account_id}",
        {"account_id": _told("account_id")},
    ),
    (
        ("post", "/v1/family-bindings"),
        "/v1/family-bindings/{binding_id}",
        {"binding_id": _told("binding_id")},
    ),
    (
        ("get", "/v1/family-bindings"),
        "/v1/family-bindings/{binding_id}",
        {"binding_id": _told("bindings/0/binding_id")},
    ),
    (
        ("post", "/v1/family-code-links"),
        "/v1/family-code-links/{link_id}",
        {"link_id": _told("link_id")},
    ),
    (
        ("post", "/v1/subject-requests"),
        "/v1/subject-requests/{request_id}",
        {"request_id": _told("id")},
    ),
    (
        ("post", "/v1/webhook-endpoints"),
        "/v1/webhook-endpoints/{endpoint}",
        {"endpoint": _told("id")},
    ),
    (
        ("get", "/v1/webhook-endpoints"),
        "/v1/webhook-endpoints/{endpoint}",
        {"endpoint": _told("webhook_endpoints/0/id")},
    ),
    (
        ("get", "/v1/webhook-endpoints/{endpoint}/messages"),
        "/v1/webhook-endpoints/{endpoint}/messages/{message}",
        {"endpoint": "$request.path.endpoint", "message": _told("messages/0/id")},
    ),
    (
        ("post", "/v1/webhook-endpoints/{endpoint}/replays"),
        "/v1/webhook-endpoints/{endpoint}/replays/{replay}",
        {"endpoint": "$request.path.endpoint", "replay": _told("replay")},
    ),
    (
        ("post", "/fhir/Claim/$submit"),
        "/fhir/ClaimResponse/{resource_id}",
        {"resource_id": _told("id")},
    ),
)
"""Operations below an address that take just these parameters."""


def tell_links(document: dict[str, Any]) -> None:
    """Adds to every answer of success where it leads."""
    operations = {
        (method, path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    for link in _links(document, operations):
        target = operations[link.target]
        told: dict[str, Any] = {"operationId": target["operationId"]}
        told["parameters"] = link.parameters
        if link.body is not None:
            told["requestBody"] = link.body
        for status, answer in operations[link.source]["responses"].items():
            if str(status) in link.statuses and _has_body(answer):
                answer.setdefault("links", {})[_name(link.target, target)] = told


def _name(place: Place, operation: dict[str, Any]) -> str:
    """The last word of the address: two operations may have one name."""
    said = str(operation["operationId"]).partition("_v1_")[0].partition("_fhir_")[0]
    words = [word for word in place[1].split("/") if word and not word.startswith("{")]
    return f"{said}.{words[-1]}"


def _has_body(answer: dict[str, Any]) -> bool:
    return "application/json" in answer.get("content", {}) or "application/fhir+json" in answer.get(
        "content", {}
    )


def _links(document: dict[str, Any], operations: dict[Place, Any]) -> Iterator[Link]:
    for place, operation in operations.items():
        chosen = _chosen(document, operation)
        names = _path_names(operation) - chosen.keys()
        if names == {"episode_id"} and place[1].startswith(_EPISODE):
            yield Link(_OPENED, place, {"episode_id": _told("episode_id")})
        for source, members in _BY_BODY:
            about = source[1] if source[1].endswith(_ASKED) else _EPISODE
            same = place[1].startswith(about.removesuffix("requests"))
            if members.keys() <= _members(document, operation) and same:
                yield Link(source, place, _SAME, dict(_where(source, members)))
        for source, below, parameters in _BY_PATH:
            if place[1].startswith(below) and names == parameters.keys() and source != place:
                yield Link(source, place, {**parameters, **chosen})
        if "submission" in _answers(document, operation, "202"):
            yield _later(place)
        if place[1].startswith("/fhir/") and names == {"resource_id"}:
            found = ("get", place[1].rpartition("/")[0])
            yield Link(found, place, {"resource_id": _told("entry/0/resource/id")})


def _later(place: Place) -> Link:
    """Where the outcome of what was kept will be read."""
    if place[1].startswith(_FINANCE):
        return Link(place, _ORDER, {"order": _told("order")}, statuses=("202",))
    return Link(place, _SUBMISSION, {"submission": _told("submission")}, statuses=("202",))


def _where(source: Place, members: dict[str, str]) -> Iterator[tuple[str, str]]:
    sent = source[0] == "post" and source[1].rpartition("/")[2] in _OF_REQUEST
    for member, place in members.items():
        yield member, f"$request.body#/{place}" if sent else _told(place)


def _path_names(operation: dict[str, Any]) -> set[str]:
    """Of what has to be known to ask at all."""
    return {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}


def _chosen(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, str]:
    """Of what can only be one of some words, the first."""
    found = {}
    for one in operation.get("parameters", []):
        schema = _resolved(document, one.get("schema", {}))
        if one["in"] == "path" and schema.get("enum"):
            found[one["name"]] = str(schema["enum"][0])
    return found


def _members(document: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    content = operation.get("requestBody", {}).get("content", {})
    return _named(document, content.get("application/json", {}).get("schema", {}))


def _answers(document: dict[str, Any], operation: dict[str, Any], status: str) -> set[str]:
    content = operation["responses"].get(status, {}).get("content", {})
    return _named(document, content.get("application/json", {}).get("schema", {}))


def _named(document: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    return set(_resolved(document, schema).get("properties", {}))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = document["components"]["schemas"]
    return known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
