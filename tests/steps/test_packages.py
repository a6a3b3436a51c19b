"""Papers that leave for an insurer go with a signed manifest of what they are and why they may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crossclaim.security.keys import EpochKeystore
from crossclaim.security.manifest import ManifestKey, read_public, verified
from tests.plain_files import pdf_of
from tests.steps.asked import uploaded
from tests.steps.guarantee_stay import Stay
from tests.steps.record_parties import Shelf
from tests.steps.rig import HARBOUR, HOSPITAL, Rig
from tests.steps.test_guarantees_there import Raising


def stay_with(rig: Rig, key: ManifestKey | None) -> tuple[Stay, Raising, Shelf]:
    insurer, shelf = Raising(), Shelf()
    world = replace(rig.world, documents=shelf, manifests=key, transfer_licence="HK-IA-1")
    stay = Stay.opened(replace(rig, world=world), HARBOUR, party=insurer)
    return stay, insurer, shelf


def asks_with_a_paper(stay: Stay, shelf: Shelf) -> str:
    content = pdf_of("a medical report")
    sha256 = uploaded(stay.rig, stay.episode, content.decode("latin-1"), HOSPITAL)
    shelf.put(f"{stay.episode}/documents/{sha256}", content, "application/pdf")
    named = {"kind": "other", "name": "报告.pdf", "sha256": sha256}
    assert stay.ask("45750.00", "2026-05-10", documents=[named]).status == 202
    stay.follow()
    return sha256


def test_the_insurer_verifies_what_it_was_sent_and_on_what_it_rests(
    rig: Rig, tmp_path: Path
) -> None:
    key = ManifestKey(EpochKeystore(tmp_path))
    stay, insurer, shelf = stay_with(rig, key)
    sha256 = asks_with_a_paper(stay, shelf)
    paper, signed = insurer.asked[-1].documents
    assert (paper.sha256, signed.kind, signed.name) == (sha256, "manifest", "manifest.json")
    manifest = verified(signed.content, read_public(key.public_pem().encode()))
    assert (manifest.issuer, manifest.recipient, manifest.purpose) == (
        HOSPITAL,
        HARBOUR,
        "guarantee",
    )
    assert [one.sha256 for one in manifest.papers] == [sha256]
    assert {one.type for one in manifest.consents} >= {"PI_CROSS_BORDER", "CLAIM_AUTH"}
    assert manifest.transfer_basis and manifest.licence == "HK-IA-1"
    assert manifest.package == insurer.asked[-1].reference
    assert stay.episode.encode() not in signed.content and b"CHAN" not in signed.content


def test_what_has_no_papers_needs_no_manifest_and_no_key_makes_none(
    rig: Rig, tmp_path: Path
) -> None:
    stay, insurer, _ = stay_with(rig, ManifestKey(EpochKeystore(tmp_path)))
    stay.ask("45750.00", "2026-05-10")
    stay.follow()
    assert insurer.asked[-1].documents == []
    stay, insurer, shelf = stay_with(rig, None)
    asks_with_a_paper(stay, shelf)
    assert [one.kind for one in insurer.asked[-1].documents] == ["other"]
