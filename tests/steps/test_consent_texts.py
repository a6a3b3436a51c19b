"""The words that patients sign are kept for ever, and what was signed is held to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import ValidationError

from crossclaim.domain.consent_wording import digest_of
from crossclaim.domain.errors import CrossclaimError, NotFound
from crossclaim.domain.fault_context import Context
from crossclaim.domain.faults import read_submission
from crossclaim.domain.reference import ConsentText, Reference
from crossclaim.domain.submission import ConsentType, SubmissionKind
from crossclaim.service.consent_texts import StoredConsentTexts
from crossclaim.stack import Stack
from crossclaim.store.reference_tables import save_reference
from crossclaim.wiring import House, worker_house
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, example
from tests.steps.rig import AT, HOSPITAL

USE = ConsentType.EHEALTH_JOIN
REFERENCE = flow_reference()


@pytest.fixture
def house(stack: Stack) -> Iterator[House]:
    house = worker_house(stack.settings)
    yield house
    save_reference(house.database, house.keyring, REFERENCE)
    house.database.close()


def use_text(reference: Reference = REFERENCE) -> ConsentText:
    found = reference.consent_text(USE, "2025-01")
    assert found is not None and found.text is not None
    return found


def with_text(text: ConsentText) -> Reference:
    others = [t for t in REFERENCE.consent_texts if (t.type, t.version) != (USE, text.version)]
    return REFERENCE.model_copy(update={"consent_texts": [*others, text]})


def faults_of(sha256: str, reference: Reference = REFERENCE) -> set[str]:
    """Of an episode whose consent to the use of vouchers says which words were shown."""
    submission = example("episode-2-voucher")
    signed: list[Body] = submission["consents"]
    submission["consents"] = [
        {**c, "text_sha256": sha256} if c["type"] == USE.value else c for c in signed
    ]
    context = Context(received_at=AT, hospital=HOSPITAL)
    _, faults = read_submission(SubmissionKind.EPISODE, submission, reference, context)
    assert all(f.text.zh_hant and f.text.zh_hans for f in faults)
    return {f.code for f in faults if "TEXT" in f.code}


def test_what_was_signed_is_one_of_the_versions_own_texts() -> None:
    text = use_text().text
    assert text is not None
    for told in text.by_language.values():
        assert faults_of(digest_of(told)) == set()
        assert faults_of(digest_of(told + " ")) == {"CONSENT_TEXT_DIGEST"}
    other = REFERENCE.consent_text(ConsentType.CLAIM_AUTH, "2026-01")
    assert other is not None and other.text is not None
    assert faults_of(other.text.digests["en"]) == {"CONSENT_TEXT_DIGEST"}
    # Where nobody here has the words, the hospital's digest stands as its own statement.
    elsewhere = with_text(use_text().model_copy(update={"text": None}))
    assert faults_of("ab" * 32, elsewhere) == set()


def test_invented_texts_and_a_digest_of_none_are_refused() -> None:
    raw = REFERENCE.model_dump(mode="json")
    raw["policies"] = []
    with pytest.raises(ValidationError, match="invented texts"):
        Reference.model_validate({**raw, "example": False})
    with pytest.raises(ValidationError, match="none of its texts"):
        ConsentText.model_validate({**use_text().model_dump(), "sha256": "ab" * 32})
    own = use_text().text
    assert own is not None
    known = ConsentText.model_validate({**use_text().model_dump(), "sha256": own.digests["en"]})
    assert own.digests["zh-Hant"] in known.digests


async def test_a_version_is_read_for_ever_and_its_words_never_change(house: House) -> None:
    save_reference(house.database, house.keyring, REFERENCE)
    old = use_text().model_copy(update={"version": "1999-01", "valid_from": date(1999, 1, 1)})
    save_reference(house.database, house.keyring, with_text(old))
    save_reference(house.database, house.keyring, REFERENCE)
    desk = StoredConsentTexts(house.database, REFERENCE)
    assert "1999-01" not in {one.version for one in await desk.listed()}
    kept = await desk.text(USE.value, "1999-01")
    assert {one.language for one in kept.texts} == {"en", "zh-Hant", "zh-Hans"}
    assert all(one.sha256 == digest_of(one.text) and one.example for one in kept.texts)
    assert not kept.in_use(AT.date())
    with pytest.raises(NotFound):
        await desk.text(USE.value, "1998-01")
    words = use_text().text
    assert words is not None
    changed = words.model_copy(update={"zh_hant": words.zh_hant + "。"})
    with pytest.raises(CrossclaimError) as refused:
        again = use_text().model_copy(update={"text": changed})
        save_reference(house.database, house.keyring, with_text(again))
    assert refused.value.code == "CONSENT_TEXT_CHANGED"
