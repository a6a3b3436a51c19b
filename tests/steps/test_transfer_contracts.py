"""Data leave the mainland under the standard contract of their destination, or not at all."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime

import pytest

from activities.guarantees import GuaranteeSteps
from activities.orders import Subject
from crossclaim.domain.party import EligibilityAnswer, Insured
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import example, varied
from tests.steps.parties import SlowInsurer
from tests.steps.rig import AT, HARBOUR, Rig

LOTUS, ZHUHAI = "lotus-macao", "zhuhai-peoples"
HONG_KONG_TEXT, MACAO_TEXT = "2026-01", "2026-01-MO"
_numbers = itertools.count(1)


class Listening(SlowInsurer):
    """An insurer that remembers who it was told about."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def check_eligibility(self, insured: Insured, at: datetime) -> EligibilityAnswer:
        self.told.append(insured.episode_id)
        return super().check_eligibility(insured, at)


def asked(rig: Rig, insurer: str, *texts: str) -> tuple[Rig, str, list[str]]:
    """An episode with one cover, whose patient signed these texts on leaving the mainland; what
    the insurer was then told."""
    party = Listening()
    world = replace(rig.world, insurers={insurer: party})
    rig = replace(rig, world=world)
    raw = example("macao-resident")["episode"]
    coverage = {**raw["coverages"][0], "organisation": insurer}
    (crossing,) = [c for c in raw["consents"] if c["type"] == "PI_CROSS_BORDER"]
    others = [c for c in raw["consents"] if c is not crossing]
    consents = [*others, *({**crossing, "text_version": text} for text in texts)]
    submission = varied(
        raw,
        visit={"number": f"ZY-CONTRACT-{next(_numbers)}"},
        coverages=[coverage],
        consents=[{**c, "recipient": insurer} if "recipient" in c else c for c in consents],
    )
    episode, answer = rig.say(SubmissionKind.EPISODE, submission, organisation=ZHUHAI)
    assert answer.status == 201, answer.body
    order = Subject(episode_id=episode, subject=insurer, at=AT)
    GuaranteeSteps(world).check_eligibility(order)
    return rig, episode, party.told


@pytest.mark.parametrize(
    ("insurer", "text"), [(LOTUS, MACAO_TEXT), (HARBOUR, HONG_KONG_TEXT)], ids=["macao", "hk"]
)
def test_the_contract_of_the_destination_lets_data_go(rig: Rig, insurer: str, text: str) -> None:
    rig, episode, told = asked(rig, insurer, text)
    assert told == [episode]
    assert list(rig.asked(episode, "eligibility")) == [insurer]


@pytest.mark.parametrize(
    ("insurer", "text"), [(LOTUS, HONG_KONG_TEXT), (HARBOUR, MACAO_TEXT)], ids=["macao", "hk"]
)
def test_the_other_contract_keeps_everything_at_home(rig: Rig, insurer: str, text: str) -> None:
    rig, episode, told = asked(rig, insurer, text)
    assert told == [] and rig.asked(episode, "eligibility") == {}
    assert "CONSENT_MISSING" in rig.exceptions(episode).values()


def test_who_signed_both_texts_is_served_by_the_right_one(rig: Rig) -> None:
    _, episode, told = asked(rig, LOTUS, HONG_KONG_TEXT, MACAO_TEXT)
    assert told == [episode]


def test_a_gate_that_asks_only_for_the_type_would_have_let_it_go(rig: Rig) -> None:
    rig, episode, told = asked(rig, LOTUS, HONG_KONG_TEXT)
    with rig.database.begin() as connection:
        naive = connection.execute(
            "select count(*) from consent where episode_id = %(id)s and type = 'PI_CROSS_BORDER'"
            " and recipient = %(to)s and withdrawn_at is null",
            {"id": episode, "to": LOTUS},
        ).scalar_one()
    assert naive == 1 and told == []
