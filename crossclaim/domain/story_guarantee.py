"""Tells of letters of guarantee after the first answer: asked for more, raised, ended."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import counted, fen
from crossclaim.domain.story_facts import GuaranteeFact, GuaranteeRequestFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reasons


def tell_letters(scene: Scene) -> Iterator[StoryLine]:
    letters = {g.id: g for g in scene.facts.guarantees}
    for request in scene.facts.guarantee_requests:
        yield from _request(scene, letters[request.guarantee_id], request)


def _request(
    scene: Scene, letter: GuaranteeFact, request: GuaranteeRequestFact
) -> Iterator[StoryLine]:
    insurer, source = letter.insurer_id, f"guarantee_request/{request.id}"
    name, at = scene.name(insurer), max(request.asked_at, scene.facts.episode.recorded_at)
    hospital = scene.facts.episode.hospital_id
    if request.planned_minor is not None and request.kind == "change":
        planned = fen(request.planned_minor)
        yield line("guarantee_more", at, hospital, source, insurer=name, amount=planned)
    if request.wanted_until is not None:
        wanted = request.wanted_until
        yield line("guarantee_longer", at, hospital, source, insurer=name, until=wanted)
    if request.due_at is not None:
        yield line(
            "guarantee_at_desk",
            at,
            "crossclaim",
            source,
            insurer=name,
            reason=reasons(",".join(request.reasons)),
            due=request.due_at,
        )
    if request.answered_at is None or request.kind == "new":
        return
    answered = max(at, scene.answered_at(request.reference, request.answered_at))
    if request.state == "granted":
        limit = counted(request.limit_minor or 0, letter.currency)
        until = letter.valid_until or "-"
        yield line(
            "guarantee_raised", answered, insurer, source, insurer=name, limit=limit, until=until
        )
    elif request.state == "refused":
        yield line("guarantee_not_raised", answered, insurer, source, insurer=name)
    elif request.state == "lapsed":
        yield line("guarantee_lapsed", answered, "crossclaim", source, insurer=name)
