"""What a failed call to an outside party means, tried on real sockets that misbehave."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from pydantic import SecretStr

from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown, Retryable
from crossclaim.gateways import strict_json
from crossclaim.gateways.http import Exchange, PartyAnswer, PartyHttp
from tests.gateways.raw_party import (
    Behaviour,
    RawParty,
    answer,
    drip,
    flood,
    hang,
    reset_inside_the_body,
    vanish,
)

SECRET_BODY = b'{"code": "PATIENT_CHAN_IS_ILL", "message": "CHAN Tai Man has K80.2"}'

UNCLEAR: dict[str, Behaviour] = {
    "TIMED_OUT": hang,
    "CONNECTION_LOST": vanish,
    "ANSWER_TOO_LARGE": flood,
    "HTTP_500": answer(500, b"<html>oops</html>", content_type="text/html"),
    "HTTP_502": answer(502, b""),
    "HTTP_307": answer(307, b"", "Location: /elsewhere"),
}
UNREADABLE: dict[str, Behaviour] = {
    "bytes that are no JSON": answer(200, b"\x00\xff garbage"),
    "nothing": answer(201, b""),
    "HTML": answer(200, b"<html></html>", content_type="text/html"),
    "JSON called text": answer(200, b"{}", content_type="text/plain"),
    "NaN": answer(200, b'{"balance": NaN}'),
    "a key twice": answer(200, b'{"status": "denied", "status": "confirmed"}'),
    "depth": answer(200, b"[" * 5000 + b"]" * 5000),
    "a number of 5,000 digits": answer(200, b"9" * 5000),
    "a compressed body": answer(200, b"\x1f\x8b", "Content-Encoding: gzip"),
}


def http_to(party: RawParty, timeout_s: float = 2.0, **options: object) -> PartyHttp:
    return PartyHttp(party.url, SecretStr("k-1"), None, timeout_s, "acme", **options)  # type: ignore[arg-type]


def post(http: PartyHttp, *, safe: bool = False) -> PartyAnswer:
    return http.post("/claims", {"a": 1}, idempotency_key="ref-1", correlation_id="c-1", safe=safe)


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_call_carries_key_correlation_id_idempotency_key_and_exact_decimals() -> None:
    with RawParty(answer(200, b'{"ok": true}')) as party:
        reply = http_to(party).post(
            "/claims?x=1", {"sum": Decimal("51850.50")}, idempotency_key="r-1", correlation_id="c-1"
        )
    head, _, body = party.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /claims?x=1 http/1.1"
    assert {"authorization: bearer k-1", "x-correlation-id: c-1", "idempotency-key: r-1"} <= {
        *lines
    }
    assert body == b'{"sum":51850.50}'
    assert (reply.status, reply.body) == (200, {"ok": True})


def test_a_call_without_a_correlation_id_gets_one() -> None:
    with RawParty(answer(200, b"{}")) as party:
        http_to(party, new_correlation_id=lambda: "fresh-1").get("/rates")
    assert b"X-Correlation-ID: fresh-1" in party.requests[0]


def test_a_signer_sees_what_is_sent_and_its_headers_travel() -> None:
    signed: list[tuple[str, str, bytes]] = []

    def sign(method: str, url: str, body: bytes) -> dict[str, str]:
        signed.append((method, url, body))
        return {"Signature": "sig1=:AA==:"}

    with RawParty(answer(200, b"{}")) as party:
        post(http_to(party, sign=sign))
    assert signed == [("POST", f"{party.url}/claims", b'{"a":1}')]
    assert b"Signature: sig1=:AA==:" in party.requests[0]


@pytest.mark.parametrize("safe", [True, False])
def test_a_refused_connection_may_be_tried_again_by_any_call(closed_port: int, safe: bool) -> None:
    http = PartyHttp(f"http://127.0.0.1:{closed_port}", SecretStr("k"), party_name="acme")
    with pytest.raises(Retryable) as caught:
        post(http, safe=safe)
    assert caught.value.code == "UNREACHABLE"


def test_a_failed_tls_handshake_sends_nothing_and_may_be_tried_again() -> None:
    with RawParty(vanish) as party:
        http = PartyHttp(party.url.replace("http", "https"), SecretStr("k"), party_name="acme")
        with pytest.raises(Retryable) as caught:
            post(http)
    assert caught.value.code == "UNREACHABLE"
    assert all(b"/claims" not in request for request in party.requests)


def authority(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that is its own authority, and a server with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    address = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paper, secret = folder / f"{name}.pem", folder / f"{name}.key"
    paper.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(paper, secret)
    return paper, server


def test_only_a_party_of_the_named_authority_is_spoken_to(tmp_path: Path) -> None:
    ours, server = authority(tmp_path, "ours")
    theirs, _ = authority(tmp_path, "theirs")
    with RawParty(answer(200, b"{}"), server) as party:
        assert post(PartyHttp(party.url, SecretStr("k"), ours)).status == 200
        with pytest.raises(Retryable) as caught:
            post(PartyHttp(party.url, SecretStr("k"), theirs))
        assert len(party.requests) == 1
    assert caught.value.code == "UNREACHABLE"


def test_an_unknown_host_may_be_tried_again() -> None:
    http = PartyHttp("http://nowhere.invalid", SecretStr("k"), party_name="acme")
    with pytest.raises(Retryable):
        post(http)


@pytest.mark.parametrize("code", UNCLEAR)
def test_a_post_that_may_have_been_taken_has_an_unknown_outcome(code: str) -> None:
    with RawParty(UNCLEAR[code]) as party, pytest.raises(OutcomeUnknown) as caught:
        post(http_to(party, timeout_s=0.3 if code == "TIMED_OUT" else 2.0))
    assert caught.value.code == code
    assert len(party.requests) == 1


@pytest.mark.parametrize("code", UNCLEAR)
def test_the_same_troubles_of_a_call_that_only_asks_may_be_tried_again(code: str) -> None:
    timeout_s = 0.3 if code == "TIMED_OUT" else 2.0
    with RawParty(UNCLEAR[code]) as party:
        http = http_to(party, timeout_s=timeout_s)
        with pytest.raises(Retryable) as get:
            http.get("/claims")
        with pytest.raises(Retryable) as asking_post:
            post(http, safe=True)
    assert get.value.code == asking_post.value.code == code


def test_a_reset_inside_the_answer_of_a_post_is_an_unknown_outcome() -> None:
    with RawParty(reset_inside_the_body) as party, pytest.raises(OutcomeUnknown):
        post(http_to(party))


def test_a_party_that_drips_bytes_for_ever_does_not_hold_a_worker() -> None:
    with RawParty(drip) as party, pytest.raises(OutcomeUnknown) as caught:
        post(http_to(party, timeout_s=0.2))
    assert caught.value.code == "TIMED_OUT"


def test_bytes_that_are_no_http_are_an_unknown_outcome_of_a_post() -> None:
    def garbage(party: RawParty, connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"\x15\x03\x01 hello, I am a printer\r\n\r\n")

    with RawParty(garbage) as party, pytest.raises(OutcomeUnknown):
        post(http_to(party))


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_2xx_answer_is_an_unknown_outcome_of_a_post(kind: str) -> None:
    with RawParty(UNREADABLE[kind]) as party:
        http = http_to(party)
        with pytest.raises(OutcomeUnknown) as caught:
            post(http)
        with pytest.raises(Retryable):
            http.get("/claims")
    assert caught.value.code == "ANSWER_UNREADABLE"


def test_a_2xx_answer_of_an_unknown_shape_is_an_unknown_outcome_of_a_post() -> None:
    def read(body: object) -> str:
        raise ValueError("CHAN Tai Man is not a reference")

    with RawParty(answer(200, b"{}")) as party, pytest.raises(OutcomeUnknown) as caught:
        post(http_to(party)).read_as(read)
    assert "CHAN" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 425, 429, 503])
def test_a_busy_party_has_not_taken_the_request(status: int) -> None:
    with RawParty(answer(status, b"", "Retry-After: 7")) as party:
        http = http_to(party)
        for call in (lambda: post(http), lambda: http.get("/x")):
            with pytest.raises(Retryable) as caught:
                call()
            assert caught.value.retry_after_s == 7


def test_retry_after_may_be_a_date() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with (
        RawParty(answer(503, b"", f"Retry-After: {moment}")) as party,
        pytest.raises(Retryable) as caught,
    ):
        post(http_to(party))
    assert caught.value.retry_after_s is not None
    assert 3000 < caught.value.retry_after_s <= 3600


@pytest.mark.parametrize("said", ["", "soon", "-1", "9" * 30, "Wed, 99 Foo"])
def test_a_senseless_retry_after_is_left_out(said: str) -> None:
    busy = answer(429, b"", f"Retry-After: {said}")
    with RawParty(busy) as party, pytest.raises(Retryable) as caught:
        post(http_to(party))
    assert caught.value.retry_after_s is None


def test_a_4xx_is_final_with_the_party_s_own_code() -> None:
    refusal = answer(409, b'{"code": "RATE_EXPIRED"}')
    with RawParty(refusal) as party, pytest.raises(Final) as caught:
        post(http_to(party))
    assert (caught.value.code, caught.value.answer["status"]) == ("RATE_EXPIRED", "409")
    assert "acme" in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"code": 7}', b'{"code": "A1234563"}', b"{"])
def test_a_4xx_without_a_usable_code_is_final_by_its_status(body: bytes) -> None:
    """What looks like a person's number is never quoted, even when a party calls it a code."""
    with RawParty(answer(422, body)) as party, pytest.raises(Final) as caught:
        post(http_to(party))
    assert caught.value.code == "HTTP_422"
    assert "A1234563" not in str(caught.value)


@pytest.mark.parametrize("status", [200, 302, 409, 500, 503])
def test_no_error_text_and_no_observation_holds_a_body(status: int) -> None:
    seen: list[Exchange] = []
    body = SECRET_BODY if status != 200 else SECRET_BODY[:-1]
    with RawParty(answer(status, body)) as party, pytest.raises(GatewayError) as caught:
        http_to(party, observe=seen.append).post(
            "/claims?name=CHAN", {"name": "CHAN Tai Man"}, idempotency_key="r", correlation_id="c"
        )
    assert "Tai Man" not in f"{caught.value!r} {caught.value.__cause__!r} {seen!r}"
    assert "name=" not in repr(seen)
    assert [(e.party, e.method, e.path, e.correlation_id) for e in seen] == [
        ("acme", "POST", "/claims", "c")
    ]


def test_a_success_is_observed_with_its_sizes() -> None:
    seen: list[Exchange] = []
    with RawParty(answer(200, b'{"ok": true}')) as party:
        post(http_to(party, observe=seen.append))
    assert (seen[0].status, seen[0].outcome, seen[0].sent_bytes, seen[0].received_bytes) == (
        200,
        "ok",
        7,
        12,
    )


def test_the_key_of_a_party_shows_in_no_representation() -> None:
    http = PartyHttp("http://127.0.0.1:1", SecretStr("very-secret"), party_name="acme")
    assert "very-secret" not in repr(vars(http))


def test_a_base_url_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="acme"):
        PartyHttp("ftp://127.0.0.1", SecretStr("k"), party_name="acme")


def test_many_threads_share_one_client_and_each_gets_its_own_answer() -> None:
    def echo(party: RawParty, connection: socket.socket, request: bytes) -> None:
        answer(200, request.partition(b"\r\n\r\n")[2])(party, connection, request)

    with RawParty(echo) as party, ThreadPoolExecutor(8) as pool:
        http = http_to(party)
        bodies = [{"n": number} for number in range(40)]
        replies = pool.map(lambda b: http.post("/e", b, idempotency_key="r").body, bodies)
        assert list(replies) == bodies


def submit_until_clear(party: RawParty, *, safe: bool) -> None:
    """What an activity does: repeat after Retryable, inquire (here: stop) after OutcomeUnknown."""
    http = http_to(party, timeout_s=0.3)
    for _ in range(3):
        try:
            post(http, safe=safe)
        except Retryable:
            continue
        except OutcomeUnknown:
            return


def acts_of(*, safe: bool) -> int:
    done = threading.Semaphore(0)
    acts: list[int] = []

    def act_then_vanish(party: RawParty, connection: socket.socket, request: bytes) -> None:
        acts.append(1)
        done.release()

    with RawParty(act_then_vanish) as party:
        submit_until_clear(party, safe=safe)
    return len(acts)


def test_a_party_that_acts_and_loses_its_answer_acts_once() -> None:
    assert acts_of(safe=False) == 1


def test_the_naive_twin_that_repeats_after_every_trouble_makes_it_act_again() -> None:
    assert acts_of(safe=True) == 3


def test_strict_json_writes_what_json_would_and_keeps_decimals() -> None:
    value = {"a": [1, True, None, "陳\n", {}, []], "b": {"c": 0.5}}
    assert json.loads(strict_json.dumps(value)) == value
    assert strict_json.dumps(Decimal("100")) == b"100"
    assert strict_json.loads(b"1.50") == Decimal("1.50")


@pytest.mark.parametrize("depth", [64, 65])
def test_strict_json_takes_64_levels_and_no_more(depth: int) -> None:
    text = b"[" * depth + b"]" * depth
    if depth <= strict_json.DEPTH_MAX:
        strict_json.loads(text)
    else:
        with pytest.raises(strict_json.StrictJsonError):
            strict_json.loads(text)
