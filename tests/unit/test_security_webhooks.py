"""A webhook counts only when one of the endpoint's secrets signed exactly these bytes just now."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from crossclaim.domain.errors import NotAuthenticated
from crossclaim.security import webhook_keys
from crossclaim.security.webhooks import signed_headers, verify

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
BODY = '{"resourceType":"Bundle","note":"賠償"}'.encode()


def _signed(
    secret: str = SECRET, *, body: bytes = BODY, age: timedelta = timedelta(0), name: str = "msg_1"
) -> dict[str, str]:
    """Headers as the standard's text says, written out here on its own."""
    moment = str(int((datetime.now(UTC) - age).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "Webhook-Id": name,
        "webhook-timestamp": moment,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


def test_a_signed_webhook_gives_its_id() -> None:
    assert verify([SECRET], _signed(name="msg_7"), BODY) == "msg_7"


def test_during_a_rotation_either_secret_is_good() -> None:
    for secret in (SECRET, OTHER):
        assert verify([SECRET, OTHER], _signed(secret), BODY) == "msg_1"


def test_one_good_signature_among_several_is_enough() -> None:
    headers = _signed()
    headers["webhook-signature"] = "v1a,AAAA " + headers["webhook-signature"]
    assert verify([SECRET], headers, BODY) == "msg_1"


def test_another_secret_another_body_or_another_id_is_refused() -> None:
    for headers, body in (
        (_signed(OTHER), BODY),
        (_signed(), BODY + b" "),
        ({**_signed(), "Webhook-Id": "msg_2"}, BODY),
    ):
        with pytest.raises(NotAuthenticated):
            verify([SECRET], headers, body)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_more_than_five_minutes_off_is_refused(minutes: int) -> None:
    with pytest.raises(NotAuthenticated):
        verify([SECRET], _signed(age=timedelta(minutes=minutes)), BODY)


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_signature_less_than_five_minutes_off_is_taken(minutes: int) -> None:
    assert verify([SECRET], _signed(age=timedelta(minutes=minutes)), BODY) == "msg_1"


@pytest.mark.parametrize("header", ["Webhook-Id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(header: str) -> None:
    headers = _signed()
    del headers[header]
    with pytest.raises(NotAuthenticated):
        verify([SECRET], headers, BODY)


@pytest.mark.parametrize("signature", ["v1", "v1,%%%", "v1,a", ",", "v1,ab,cd", "\u00e9", " "])
def test_a_malformed_signature_is_refused_like_a_wrong_one(signature: str) -> None:
    with pytest.raises(NotAuthenticated):
        verify([SECRET], {**_signed(), "webhook-signature": signature}, BODY)


@pytest.mark.parametrize("moment", ["", "now", "nan", "inf", "1e400", "99999999999999999"])
def test_a_malformed_time_is_refused(moment: str) -> None:
    with pytest.raises(NotAuthenticated):
        verify([SECRET], {**_signed(), "webhook-timestamp": moment}, BODY)


def test_a_body_that_is_not_text_is_refused() -> None:
    with pytest.raises(NotAuthenticated):
        verify([SECRET], _signed(body=b"\xff\xfe"), b"\xff\xfe")


def test_without_any_secret_nothing_is_taken() -> None:
    with pytest.raises(NotAuthenticated):
        verify([], _signed(), BODY)


def test_a_receiver_verifies_by_the_public_key_alone_and_during_a_rotation_by_either() -> None:
    """As the standard's text says, written out here on its own."""
    old, new = webhook_keys.new_private_key(), webhook_keys.new_private_key()
    at = datetime.now(UTC)
    headers = signed_headers([new, old], "msg_1", BODY, at)
    text = f"msg_1.{headers['webhook-timestamp']}.".encode() + BODY
    told = [part.split(",", 1) for part in headers["webhook-signature"].split(" ")]
    assert [version for version, _ in told] == ["v1a", "v1a"]
    for private, (_, signed) in zip([new, old], told, strict=True):
        public = webhook_keys.public_key_of(private)
        assert public.startswith("whpk_") and private.startswith("whsk_")
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
        key.verify(base64.b64decode(signed), text)
        for other in (text + b" ", text.replace(b"msg_1", b"msg_2")):
            with pytest.raises(InvalidSignature):
                key.verify(base64.b64decode(signed), other)


def test_a_secret_that_both_know_goes_on_signing_as_before() -> None:
    headers = signed_headers([SECRET], "msg_1", BODY, datetime.now(UTC))
    assert headers["webhook-signature"].startswith("v1,")
    assert verify([SECRET], headers, BODY) == "msg_1"
