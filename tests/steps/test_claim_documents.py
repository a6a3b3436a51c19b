"""Documents of a claim that say something else than it, or that another claim has as well."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator

import pytest

from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal, Role
from crossclaim.service.documents import StoredDocuments
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.ebill_files import Said, ebill_ofd, ebill_pdf, qr_png
from tests.plain_files import pdf_of
from tests.steps.asked import Asked, wanted
from tests.steps.examining import reasons
from tests.steps.paper_claims import APPROVED, INSURER, claim, ebill, paper
from tests.steps.record_parties import Shelf
from tests.steps.rig import Rig
from tests.steps.test_paper_claims import sent

VICTORIA = Principal(organisation=INSURER, role=Role.INSURER_SYSTEM, key_id="k1")
_numbers = itertools.count(71_000_000)


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


def with_ebill(rig: Rig, number: str) -> Asked:
    """A claim with one paper of CNY 200.00 whose e-bill has this number; a file is asked for."""
    one = {**paper("V1", "2026-03-02", "200.00"), "ebill": ebill(number, "200.00")}
    return Asked(rig, *sent(rig, claim([one], information=wanted("ebill"))))


def answered(api: House, one: Asked, content: bytes, content_type: str = "application/pdf") -> None:
    """Uploaded, sent as the answer, and the claim judged after it."""
    door = StoredDocuments(api.database, Shelf(), api.keyring)
    sha256 = asyncio.run(door.put(VICTORIA, one.episode, content_type, content))
    content_ = {"request": one.request, "item": 1, "sha256": sha256}
    answer = one.say(SubmissionKind.INFORMATION_ANSWER, content_, APPROVED, "ul_0123456789ab")
    assert answer.status == 200, answer.body
    one.decided()


def number() -> str:
    return f"00{next(_numbers)}"


@pytest.mark.parametrize("kind", ["text", "ofd", "qr"])
def test_an_ebill_that_agrees_with_its_claim_is_noted_and_holds_nothing_up(
    rig: Rig, api: House, kind: str
) -> None:
    said = Said(number(), "200.00")
    one = with_ebill(rig, said.fields["number"])
    content, content_type = {
        "text": (ebill_pdf(said), "application/pdf"),
        "ofd": (ebill_ofd(said), "application/ofd"),
        "qr": (qr_png(said), "image/png"),
    }[kind]
    answered(api, one, content, content_type)
    (word,) = rig._select("select * from ebill_comparison where claim_id = %(id)s", id=one.claim)
    assert (word["outcome"], word["paper"], word["members"]) == ("agrees", "V1", [])
    assert one.state() == "approved"


def test_an_ebill_that_says_another_amount_goes_to_a_person_and_denies_nothing(
    rig: Rig, api: House
) -> None:
    said = Said(number(), "180.00", issued_on="20260303")
    one = with_ebill(rig, said.fields["number"])
    answered(api, one, ebill_pdf(said))
    assert reasons(rig, one.episode) == ["EBILL_DIFFERS"] and one.state() == "pended"
    (word,) = rig._select("select * from ebill_comparison where claim_id = %(id)s", id=one.claim)
    assert (word["outcome"], word["members"]) == ("differs", ["issued_on", "total"])
    (row,) = rig._select("select * from document_reading where episode_id = %(id)s", id=one.episode)
    assert said.fields["number"].encode() not in bytes(row["sealed"])


def test_the_file_of_another_bill_goes_to_a_person(rig: Rig, api: House) -> None:
    one = with_ebill(rig, number())
    answered(api, one, ebill_pdf(Said(number(), "200.00")))
    assert reasons(rig, one.episode) == ["EBILL_DIFFERS"]


def test_a_file_that_says_nothing_of_itself_is_no_reason(rig: Rig, api: House) -> None:
    one = with_ebill(rig, number())
    answered(api, one, pdf_of(f"a scan {number()}"))
    assert one.state() == "approved"
    assert not rig._select("select * from ebill_comparison where claim_id = %(id)s", id=one.claim)


def test_a_document_that_another_claim_has_as_well_is_told_blindly(rig: Rig, api: House) -> None:
    content = pdf_of(f"one test report {number()}")
    first, second = with_ebill(rig, number()), with_ebill(rig, number())
    answered(api, first, content)
    assert first.state() == "approved"
    answered(api, second, content)
    assert reasons(rig, second.episode) == ["DOCUMENT_CLAIMED_BEFORE"]
    rows = rig._select(
        "select blind, sha256 from document where episode_id = %(id)s", id=first.episode
    )
    assert rows[0]["blind"] is not None
    assert bytes(rows[0]["blind"]).hex() != rows[0]["sha256"], "no one's digest, but an HMAC of it"
