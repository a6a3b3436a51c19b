"""Tells of transfers by ambulance: who handed over to whom, and how the record went out."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.story_facts_transfer import ApprovalFact, HandOverFact, ReleaseFact
from crossclaim.domain.story_line import Scene, StoryLine, line, word
from crossclaim.domain.story_phrase import Value, filled, joined, sentence_of
from crossclaim.domain.story_sentences_transfer import (
    CREW,
    EMERGENCIES,
    NO_APPROVAL,
    REGIONS,
    RULES,
)
from crossclaim.domain.story_words import CONSENTS

_MEMBER = ("{what} ({staff})", "{what}({staff})", "{what}({staff})")
_APPROVAL = (
    "{region} {number} until {until}",
    "{region}{number},有效至{until}",
    "{region}{number},有效至{until}",
)


def tell_transfers(scene: Scene) -> Iterator[StoryLine]:
    for hand_over in scene.facts.hand_overs:
        yield from _hand_over(scene, hand_over)
    numbers = {known.id: known.number for known in scene.facts.hand_overs}
    for release in scene.facts.releases:
        yield _release(scene, release, numbers.get(release.hand_over_id, "-"))


def _hand_over(scene: Scene, told: HandOverFact) -> Iterator[StoryLine]:
    source, hospital = f"hand_over/{told.id}", scene.facts.episode.hospital_id
    yield line(
        "handed_over",
        told.recorded_at,
        hospital,
        source,
        giver=scene.name(told.from_institution),
        giver_staff=told.from_staff,
        taker=scene.name(told.to_institution),
        taker_staff=told.to_staff,
        happened_at=told.handed_over_at,
        departed_at=told.departed_at,
        number=told.number,
    )
    crew = joined(filled(_MEMBER, what=word(CREW, m.role), staff=m.staff) for m in told.crew)
    papers = [_approval(paper) for paper in told.vehicle.approvals]
    yield line(
        "transfer_crew",
        told.recorded_at,
        hospital,
        source,
        crew=crew,
        vehicle=told.vehicle.registration,
        approvals=joined(papers) if papers else sentence_of(NO_APPROVAL),
    )


def _approval(paper: ApprovalFact) -> Sentence:
    region = word(REGIONS, paper.region)
    return filled(_APPROVAL, region=region, number=paper.number, until=paper.valid_until)


def _release(scene: Scene, release: ReleaseFact, number: str) -> StoryLine:
    values: dict[str, Value] = {"number": number, "recipient": scene.name(release.recipient)}
    kind = "hand_over_by_consent"
    if release.basis == "emergency":
        kind = "hand_over_in_emergency"
        values |= {
            "reason": word(EMERGENCIES, release.reason),
            "staff": release.decided_by,
            "rule": word(RULES, release.rule),
            "missing": joined(word(CONSENTS, code) for code in release.missing),
        }
    source = f"hand_over_release/{release.hand_over_id}"
    return line(kind, release.recorded_at, "crossclaim", source, **values)
