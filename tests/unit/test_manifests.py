"""Signed manifests: verified offline by the other side, and by no changed byte."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner, Result

from crossclaim.cli.application import app
from crossclaim.domain.manifest import ConsentListed, Manifest, PaperListed
from crossclaim.security.keys import EpochKeystore
from crossclaim.security.manifest import ManifestKey, ManifestRefused, read_public, verified

AT = datetime(2026, 4, 1, tzinfo=UTC)
PAPERS = {"summary.pdf": b"%PDF-1.7 summary", "../../etc/passwd": b"%PDF-1.7 bill"}
MANIFEST = Manifest(
    package="CL01JABC",
    purpose="claim",
    issuer="hku-szh",
    recipient="harbour-life",
    made_at=AT,
    consents=[ConsentListed(type="PI_CROSS_BORDER", text_version="2026-01", signed_at=AT)],
    transfer_basis="gba-hk-2023",
    licence="",
    papers=[
        PaperListed(
            kind="other",
            name=name,
            content_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for name, content in PAPERS.items()
    ],
)


@pytest.fixture
def key(tmp_path: Path) -> ManifestKey:
    return ManifestKey(EpochKeystore(tmp_path / "keystore"))


def test_the_other_side_verifies_with_the_public_key_alone(key: ManifestKey) -> None:
    signed = key.signed(MANIFEST)
    assert signed == key.signed(MANIFEST), "the same package, the same bytes"
    assert verified(signed, read_public(key.public_pem().encode())) == MANIFEST


def changes() -> dict[str, Callable[[dict[str, Any]], object]]:
    def paper(whole: dict[str, Any]) -> None:
        whole["manifest"]["papers"][0]["sha256"] = "0" * 64

    def fewer(whole: dict[str, Any]) -> None:
        whole["manifest"]["papers"].pop()

    return {
        "another paper": paper,
        "a paper less": fewer,
        "another recipient": lambda w: w["manifest"].update(recipient="mutual"),
        "another consent": lambda w: w["manifest"]["consents"][0].update(text_version="1"),
        "another licence": lambda w: w["manifest"].update(licence="all"),
        "a member more": lambda w: w["manifest"].update(more=1),
        "no algorithm": lambda w: w.update(algorithm="none"),
        "another algorithm": lambda w: w.update(algorithm="HS256"),
        "no signature": lambda w: w.update(signature=""),
        "a signature of nothing": lambda w: w.update(
            signature=base64.b64encode(b"0" * 64).decode()
        ),
        "half a signature": lambda w: w.update(signature=w["signature"][:20]),
        "a member beside": lambda w: w.update(extra="x"),
    }


@pytest.mark.parametrize("change", changes())
def test_a_changed_manifest_does_not_hold(key: ManifestKey, change: str) -> None:
    whole = json.loads(key.signed(MANIFEST))
    changes()[change](whole)
    with pytest.raises(ManifestRefused):
        verified(json.dumps(whole).encode(), read_public(key.public_pem().encode()))


def test_every_flipped_bit_of_the_signed_part_is_noticed(key: ManifestKey) -> None:
    signed, public = key.signed(MANIFEST), read_public(key.public_pem().encode())
    start = signed.index(b'"manifest"')
    for place in range(start, len(signed) - 4, 23):
        changed = bytearray(signed)
        changed[place] ^= 2
        try:
            assert verified(bytes(changed), public) == MANIFEST, "only blanks may differ"
        except ManifestRefused:
            continue


def test_another_senders_key_does_not_open_it_and_a_file_cannot_bring_its_own(
    key: ManifestKey,
) -> None:
    stranger = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(ManifestRefused):
        verified(key.signed(MANIFEST), stranger)
    other = generate_private_key(65537, 2048).public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for wrong in (pem, b"", b"-----BEGIN PUBLIC KEY-----"):
        with pytest.raises(ManifestRefused):
            read_public(wrong)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"manifest": {}, "manifest": {}}', b"NaN"],
)
def test_what_is_no_manifest_is_refused_in_a_sentence(key: ManifestKey, content: bytes) -> None:
    with pytest.raises(ManifestRefused):
        verified(content, read_public(key.public_pem().encode()))


@pytest.fixture
def package(tmp_path: Path, key: ManifestKey) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    for at, content in enumerate(PAPERS.values()):
        (folder / f"paper-{at}").write_bytes(content)
    (folder / "manifest.json").write_bytes(key.signed(MANIFEST))
    (tmp_path / "sender.pem").write_text(key.public_pem())
    return folder


def checked(package: Path, *more: str) -> Result:
    words = ["manifest", "verify", str(package / "manifest.json")]
    words += ["--key", str(package.parent / "sender.pem"), "--folder", str(package), *more]
    return CliRunner().invoke(app, words)


def test_the_command_says_that_the_papers_are_those_of_the_manifest(package: Path) -> None:
    found = checked(package)
    assert found.exit_code == 0 and "The signature holds." in found.output
    assert "gba-hk-2023" in found.output
    told = json.loads(checked(package, "--json").output)
    assert told["faults"] == [] and told["manifest"]["package"] == "CL01JABC"


def test_the_command_names_what_is_missing_changed_or_slipped_in(package: Path) -> None:
    (package / "paper-0").write_bytes(b"%PDF-1.7 another")
    (package / "more.pdf").write_bytes(b"x")
    found = checked(package)
    assert found.exit_code != 0
    said = str(found.exception)
    assert "missing" in said and "not listed: more.pdf" in said and "not listed: paper-0" in said
    (package / "manifest.json").write_bytes(b"{}")
    assert checked(package).exit_code != 0
