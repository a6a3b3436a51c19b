"""The API's description put to the proof: requests made of it, and what the answers break of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crossclaim.api.fhir_r4 import checked

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    missing_required_header,
    negative_data_rejection,
]
"""Those that a single answer can break."""
AWAY = {503: frozenset({"UNAVAILABLE"}), 502: frozenset({"DOCUMENT_STORE_DOWN"})}
"""How it is told that the engine or the object store does not run here."""
ADDRESS = "http://api.test"
FHIR = "application/fhir+json"
_SENT = ("method", "url", "headers", "params", "data", "json", "cookies", "files")


@dataclass
class DescribedApi:
    """One API, asked by its description; what it breaks is collected and told together."""

    app: FastAPI
    key_of: Callable[[str], str]
    """A credential of a role."""
    known: dict[str, str]
    """Parameters of addresses that name something which is there."""
    runner: asyncio.Runner
    statuses: Counter[int] = field(default_factory=Counter)
    broken: dict[str, str] = field(default_factory=dict)
    """One example of each: operation, status, kind of failure."""

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url=ADDRESS)

    def operations(self) -> list[Any]:
        schema = schemathesis.openapi.from_dict(self.app.openapi())
        return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]

    def walk(self, operation: Any, examples: int) -> None:
        """Asks with what the description allows and with what it forbids; the same every time."""

        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(*(operation.as_strategy(generation_mode=m) for m in GenerationMode)))
        def ask(case: Case[Any]) -> None:
            self.ask(case)

        ask()

    def ask(self, case: Case[Any]) -> None:
        place = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
        if place is None or place.mode.is_positive:
            # What is nowhere is refused before anything else of the request is read.
            for name in case.path_parameters.keys() & self.known.keys():
                case.path_parameters[name] = self.known[name]
        for name in [n for n in case.headers or () if n.lower() == "authorization"]:
            del case.headers[name]
        self.judge(case, self.send(case))

    def judge(self, case: Case[Any], answer: httpx.Response) -> None:
        self.statuses[answer.status_code] += 1
        label = f"{case.operation.label}: {answer.status_code}"
        if answer.status_code >= 500 and not away(answer):
            self.broken[label] = answer.text[:500]
        # A parameter that is said twice counts as it was said last, as the framework reads it.
        repeated = any(isinstance(value, list) for value in (case.query or {}).values())
        left_out: list[Any] = [negative_data_rejection] if repeated else []
        if answer.is_success and FHIR in answer.headers.get("content-type", ""):
            for fault in checked(answer.json()):
                self.broken[f"{label} not R4"] = f"{fault.code} {fault.pointer}"
        try:
            case.validate_response(answer, checks=CHECKS, excluded_checks=left_out)
        except FailureGroup as group:
            for failure in group.exceptions:
                self.broken[f"{label} {type(failure).__name__}"] = str(group)[:1500]

    def send(self, case: Case[Any]) -> httpx.Response:
        """As the role that the operation names first."""
        roles = case.operation.definition.raw.get("x-roles")
        headers = {"Authorization": f"Bearer {self.key_of(roles[0])}"} if roles else {}
        words = case.as_transport_kwargs(base_url=ADDRESS, headers=headers)
        ready = requests.Request(**{k: v for k, v in words.items() if k in _SENT}).prepare()
        content: Any = ready.body
        sent = {
            name: value if isinstance(value, bytes) else str(value).encode("latin-1")
            for name, value in ready.headers.items()
        }
        asked = self.client.request(
            str(ready.method),
            str(ready.url),
            content=content,
            headers={n.encode(): v for n, v in sent.items()},
        )
        self.last = self.runner.run(asked)
        return self.last

    def told(self) -> Iterator[str]:
        yield from (f"{name}\n{example}" for name, example in sorted(self.broken.items()))


def away(answer: httpx.Response) -> bool:
    """Whether it says that an engine is down which is indeed down."""
    body = answer.json()
    if body.get("engines"):
        return bool(body["engines"] == {"database": True, "workflow_engine": False})
    issue = body.get("issue") or [{}]
    told = issue[0].get("details", {}).get("coding", [{}])[0].get("code")
    return body.get("code", told) in AWAY.get(answer.status_code, frozenset())
