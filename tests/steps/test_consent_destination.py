"""Nothing of a patient leaves the Greater Bay Area, and a consent keeps what proves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from activities.orders import Subject
from activities.sending import INSURER_CONSENTS, open_attempt
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.fault_context import Context
from crossclaim.domain.faults import read_submission
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import ConsentType, SubmissionKind
from crossclaim.stack import Stack
from crossclaim.store.reference_tables import save_reference
from crossclaim.wiring import House, worker_house
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, example, varied
from tests.steps.rig import AT, HARBOUR, HOSPITAL, Rig, policy_number

EVIDENCE, TEXT = "ab" * 32, "cd" * 32


@pytest.fixture(scope="module")
def house(stack: Stack) -> Iterator[House]:
    house = worker_house(stack.settings)
    yield house
    house.database.close()


def sent(rig: Rig, episode: str, reference: str) -> bool:
    """Whether the gate lets a claim go to the insurer."""
    order = Subject(episode_id=episode, at=AT)
    with rig.world.records.transaction() as tx:
        attempt = open_attempt(tx, order, HARBOUR, "claim", reference, INSURER_CONSENTS)
    return attempt is not None


def test_no_consent_lets_data_go_outside_the_greater_bay_area(rig: Rig) -> None:
    episode = rig.visit(policy_number(), insurer=HARBOUR).episode
    assert sent(rig, episode, f"inside-{episode}")
    moved = "update organisation set region = %(region)s where id = %(id)s"
    rig.change(moved, region="OTHER", id=HARBOUR)
    try:
        assert not sent(rig, episode, f"outside-{episode}")
        assert f"outside-{episode}" not in rig.asked(episode, "claim").values()
    finally:
        rig.change(moved, region="HK", id=HARBOUR)
    assert sent(rig, episode, f"again-{episode}")


def test_an_episode_with_an_insurer_outside_is_refused_at_the_window(rig: Rig) -> None:
    known = rig.world.reference
    far = [
        i.model_copy(update={"region": "OTHER"}) if i.id == HARBOUR else i for i in known.insurers
    ]
    reference = Reference.model_validate(known.model_copy(update={"insurers": far}).model_dump())
    submission = example("episode-1-inpatient")
    for each, codes in ((known, set()), (reference, {"CONSENT_OUTSIDE_AREA"})):
        context = Context(received_at=AT, hospital=HOSPITAL)
        _, faults = read_submission(SubmissionKind.EPISODE, submission, each, context)
        assert {f.code for f in faults} & {"CONSENT_OUTSIDE_AREA"} == codes
        assert all(f.text.zh_hant and f.text.zh_hans for f in faults)


def test_a_consent_keeps_the_digests_of_its_text_and_of_what_shows_it(
    rig: Rig, house: House
) -> None:
    reference = flow_reference()
    texts = [
        t.model_copy(update={"sha256": TEXT, "text": None})
        if t.type is ConsentType.VOUCHER_ACCOUNT
        else t
        for t in reference.consent_texts
    ]
    save_reference(
        house.database, house.keyring, reference.model_copy(update={"consent_texts": texts})
    )
    submission: Body = varied(
        example("episode-2-voucher"),
        hospital=HOSPITAL,
        visit={"number": "MZ-EVIDENCE-1"},
        coverages=[{"funder": "voucher"}],
    )
    submission["consents"] = [{**c, "evidence_sha256": EVIDENCE} for c in submission["consents"]]
    episode, answer = rig.say(SubmissionKind.EPISODE, submission)
    assert answer.status == 201, answer.body
    with house.database.begin() as connection:
        rows = connection.execute(
            "select type, text_version, text_sha256, evidence_sha256 from consent"
            " where episode_id = %(id)s",
            {"id": episode},
        ).all()
    assert {row.evidence_sha256 for row in rows} == {EVIDENCE}
    assert {row.text_sha256 for row in rows if row.type == "VOUCHER_ACCOUNT"} <= {TEXT}
    changed = [
        t.model_copy(update={"sha256": "ef" * 32}) if t.sha256 is not None else t for t in texts
    ]
    with pytest.raises(CrossclaimError) as refused:
        save_reference(
            house.database, house.keyring, reference.model_copy(update={"consent_texts": changed})
        )
    assert refused.value.code == "CONSENT_TEXT_CHANGED"
