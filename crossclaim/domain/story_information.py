"""Tells of information requests: what was asked of whom, what came, who was reminded."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.information_rows import NOT_HAD, RECEIVED
from crossclaim.domain.patient_bearer import PATIENT_KEY
from crossclaim.domain.story_facts_information import (
    InformationEventFact,
    InformationItemFact,
    InformationRequestFact,
)
from crossclaim.domain.story_line import Scene, StoryLine, line, word
from crossclaim.domain.story_phrase import Value, filled, joined, sentence_of
from crossclaim.domain.story_sentences_information import (
    ABOUT_BOTH,
    ABOUT_LINE,
    ABOUT_PAPER,
    BY_KEY,
    BY_LINK,
    DOCUMENTS,
    REASONS,
)

LINK_KEY = "ul_"
"""How the key begins of an answer that came by an upload link."""
_NAMING = ("answered", "withdrawn", "ended")


def tell_information(scene: Scene) -> Iterator[StoryLine]:
    requests = {one.id: one for one in scene.facts.information_requests}
    for request in requests.values():
        yield _request(scene, request)
    for item in scene.facts.information_items:
        if item.state in (RECEIVED, NOT_HAD) and item.answered_at is not None:
            yield _answer(scene, requests[item.request_id], item)
    for event in scene.facts.information_events:
        yield _event(scene, requests[event.request_id], event)


def _request(scene: Scene, request: InformationRequestFact) -> StoryLine:
    documents = joined(document_named(one) for one in _items(scene, request))
    return line(
        f"{_about(request)}information_asked",
        max(request.asked_at, request.recorded_at),
        request.organisation_id,
        f"information_request/{request.id}",
        insurer=scene.name(request.organisation_id),
        asked=scene.name(_asked(scene, request)),
        documents=documents,
        number=request.number,
        due_at=request.due_at,
        reference=_reference(scene, request),
    )


def _asked(scene: Scene, request: InformationRequestFact) -> str:
    """Who is to answer: the hospital's id, or the patient."""
    return scene.facts.episode.hospital_id if request.asked_of == "hospital" else request.asked_of


def _answer(scene: Scene, request: InformationRequestFact, item: InformationItemFact) -> StoryLine:
    assert item.answered_at is not None, "an answer has its time"
    by_link = item.answered_by.startswith((LINK_KEY, PATIENT_KEY))
    values: dict[str, Value] = {
        "document": document_named(item),
        "number": request.number,
        "by": sentence_of(BY_LINK if by_link else BY_KEY),
    }
    kind = "information_received"
    if item.state == NOT_HAD:
        kind, values["reason"] = "information_not_had", word(REASONS, item.reason)
    source = f"information_item/{item.request_id}/{item.item}"
    return line(kind, item.answered_at, _asked(scene, request), source, **values)


def _event(scene: Scene, request: InformationRequestFact, event: InformationEventFact) -> StoryLine:
    missing = [
        document_named(one)
        for one in _items(scene, request)
        if one.answered_at is None or one.answered_at > event.occurred_at
    ]
    values: dict[str, Value] = {
        "insurer": scene.name(request.organisation_id),
        "asked": scene.name(_asked(scene, request)),
        "number": request.number,
        "missing": joined(missing),
        "due_at": event.due_at or request.due_at,
        "reference": _reference(scene, request),
    }
    who = request.organisation_id if event.kind in ("extended", "withdrawn") else "crossclaim"
    source = f"information_event/{event.id}"
    kind = f"information_{event.kind}"
    kind = f"{_about(request)}{kind}" if event.kind in _NAMING else kind
    return line(kind, event.occurred_at, who, source, **values)


def _items(scene: Scene, request: InformationRequestFact) -> list[InformationItemFact]:
    return [one for one in scene.facts.information_items if one.request_id == request.id]


def _reference(scene: Scene, request: InformationRequestFact) -> str:
    if request.guarantee is not None:
        return request.guarantee
    claims = (c.reference for c in scene.facts.claims if c.id == request.claim_id)
    return next(claims, "-")


def _about(request: InformationRequestFact) -> str:
    """How the kind of a sentence begins that names what the request is about."""
    return "" if request.guarantee is None else "letter_"


def document_named(item: InformationItemFact) -> Sentence:
    """What a document is called, and which line or paper it is about."""
    document = word(DOCUMENTS, item.kind)
    if item.line is not None and item.paper:
        return filled(ABOUT_BOTH, document=document, line=item.line, paper=item.paper)
    if item.line is not None:
        return filled(ABOUT_LINE, document=document, line=item.line)
    return filled(ABOUT_PAPER, document=document, paper=item.paper) if item.paper else document
