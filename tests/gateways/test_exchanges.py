"""What goes out and comes back is noted for the attempt that runs, and for no other."""

from __future__ import annotations

import contextvars
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pydantic import SecretStr

from crossclaim import exchanges
from crossclaim.domain.errors import Final, Retryable
from crossclaim.gateways.http import PartyHttp
from tests.gateways.raw_party import RawParty, answer

ATTEMPT = ("GU1", "guarantee", 1)


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Nothing of one test's attempt is left to the next."""
    yield
    exchanges.begin("", "", "", 0)


@contextmanager
def party(body: object, status: int = 200) -> Iterator[PartyHttp]:
    """One that answers every call with this."""
    with RawParty(answer(status, json.dumps(body).encode())) as raw:
        http = PartyHttp(raw.url, SecretStr("k"), None, 5.0)
        yield http
        http.close()


def test_a_call_is_noted_with_what_was_said_and_answered() -> None:
    exchanges.begin("ep_1", *ATTEMPT)
    with party({"state": "queued"}) as http:
        http.post("/guarantees?by=desk", {"name": "陳大文"}, idempotency_key="k")
        http.get("/guarantees/GU1", params={"who": "H1"})
    (_, first), (episode, second) = exchanges.taken(*ATTEMPT)
    assert episode == "ep_1"
    assert (first.method, first.status) == ("POST", 200)
    assert json.loads(exchanges.kept(first.request)) == {"name": "陳大文"}
    assert json.loads(exchanges.kept(first.answer)) == {"state": "queued"}
    assert second.path == "/guarantees/GU1?who=H1"
    assert exchanges.kept(second.request) == ""
    assert list(exchanges.taken(*ATTEMPT)) == [], "once"


@pytest.mark.parametrize(("status", "error"), [(422, Final), (503, Retryable)])
def test_a_refusal_is_noted_too(status: int, error: type[Exception]) -> None:
    exchanges.begin("ep_1", *ATTEMPT)
    with party({"code": "NO"}, status) as http, pytest.raises(error):
        http.get("/x")
    ((_, call),) = exchanges.taken(*ATTEMPT)
    assert call.status == status and b"NO" in call.answer


def test_a_party_that_is_not_there_is_noted_without_an_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    exchanges.begin("ep_1", *ATTEMPT)
    with pytest.raises(Retryable):
        PartyHttp(f"http://127.0.0.1:{port}", SecretStr("k")).get("/x")
    ((_, call),) = exchanges.taken(*ATTEMPT)
    assert (call.status, call.answer) == (None, b"")


def test_calls_of_another_attempt_or_of_none_are_not_kept() -> None:
    with party({}) as http:
        http.get("/nobody")
        assert list(exchanges.taken(*ATTEMPT)) == []
        exchanges.begin("ep_1", *ATTEMPT)
        http.get("/mine")
    for other in (("GU2", "guarantee", 1), ("GU1", "claim", 1), ("GU1", "guarantee", 2)):
        assert list(exchanges.taken(*other)) == []
    exchanges.begin("ep_1", "GU1", "guarantee", 2)
    assert list(exchanges.taken(*ATTEMPT)) == [], "the next attempt begins with nothing"


def test_two_threads_of_steps_do_not_mix_their_calls() -> None:
    def step(reference: str) -> list[str]:
        exchanges.begin("ep_1", reference, "claim", 1)
        with party({}) as http:
            http.get(f"/{reference}")
        return [call.path for _, call in exchanges.taken(reference, "claim", 1)]

    contexts = [(contextvars.copy_context(), name) for name in ("a", "b")]
    assert [one.run(step, name) for one, name in contexts] == [["/a"], ["/b"]]


def test_files_inside_a_message_and_what_is_no_json_are_not_kept() -> None:
    long = json.dumps({"data": "x" * 5_000, "lines": [{"n": 1}]}).encode()
    assert json.loads(exchanges.kept(long)) == {"data": "[5000 characters]", "lines": [{"n": 1}]}
    for odd in (b"", b"<html>", b"\xff", b"[" * 200_000, b"1" * 500_000):
        assert exchanges.kept(odd) == "", odd[:10]


def test_an_attempt_of_endless_calls_keeps_the_first_few() -> None:
    exchanges.begin("ep_1", *ATTEMPT)
    with party({}) as http:
        for _ in range(exchanges.MOST_CALLS + 3):
            http.get("/x")
    assert len(list(exchanges.taken(*ATTEMPT))) == exchanges.MOST_CALLS
