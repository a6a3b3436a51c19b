"""Tells of health records: requests, answers, every look at them, deposits and notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.record_rows import CONSENT_REPORTS, OPEN
from crossclaim.domain.story_facts import (
    RecordAccessFact,
    RecordDeliveryFact,
    RecordNoticeFact,
    RecordRequestFact,
)
from crossclaim.domain.story_line import Scene, StoryLine, line, reason, word
from crossclaim.domain.story_phrase import Value, joined
from crossclaim.domain.story_sentences_records import DELIVERIES, MEANS
from crossclaim.domain.story_words import CONSENTS


def tell_records(scene: Scene) -> Iterator[StoryLine]:
    for request in scene.facts.record_requests:
        yield from _request(scene, request)
    for access in scene.facts.record_accesses:
        yield from _access(scene, access)
    for delivery in scene.facts.record_deliveries:
        yield from _delivery(scene, delivery)
    for notice in scene.facts.record_notices:
        yield _notice(scene, notice)


def _request(scene: Scene, request: RecordRequestFact) -> Iterator[StoryLine]:
    source, system = f"record_request/{request.id}", scene.name(request.system)
    hospital = scene.facts.episode.hospital_id
    yield line(
        "record_asked",
        request.recorded_at,
        hospital,
        source,
        hospital=scene.hospital(),
        staff=request.requested_by,
        system=system,
        number=request.number,
        begin=request.window_from,
        end=request.window_until,
    )
    if request.emergency:
        door = {"hospital": scene.hospital(), "system": system}
        yield line("record_emergency", request.recorded_at, hospital, source, **door)
    if request.state in OPEN:
        return
    at = scene.answered_at(request.reference, request.recorded_at)
    kind = {"answered": "record_came", "set_aside": "record_set_aside", "refused": "record_refused"}
    told = kind.get(request.state, "record_stopped")
    values: dict[str, Value] = {"number": request.number}
    if told != "record_stopped":
        values["system"] = system
    if told != "record_came":
        values["reason"] = reason(request.reason)
    yield line(told, at, request.system, source, **values)


def _access(scene: Scene, access: RecordAccessFact) -> Iterator[StoryLine]:
    """What was fetched is told with the request."""
    kinds = {"read": "record_read", "refused": "record_read_refused"}
    if access.what not in kinds:
        return
    values: dict[str, Value] = {
        "hospital": scene.hospital(),
        "staff": access.staff,
        "number": _number(scene, access),
    }
    if access.what == "read":
        signed = {consent.id: consent.type for consent in scene.facts.consents}
        types = sorted({signed[number] for number in access.consents if number in signed})
        values["consents"] = joined(word(CONSENTS, kind) for kind in types)
    source = f"record_access/{access.id}"
    yield line(kinds[access.what], access.recorded_at, access.organisation_id, source, **values)


def _number(scene: Scene, access: RecordAccessFact) -> str:
    known = (r.number for r in scene.facts.record_requests if r.id == access.request_id)
    return next(known, access.request_id)


def _delivery(scene: Scene, delivery: RecordDeliveryFact) -> Iterator[StoryLine]:
    source, what = f"record_delivery/{delivery.id}", word(DELIVERIES, delivery.kind)
    system, hospital = scene.name("ehealth"), scene.facts.episode.hospital_id
    if delivery.kind not in CONSENT_REPORTS:
        yield line(
            "record_deposit_asked",
            delivery.recorded_at,
            hospital,
            source,
            hospital=scene.hospital(),
            what=what,
            system=system,
        )
    if delivery.state in OPEN:
        return
    at = _ended(scene, delivery)
    if delivery.state == "delivered":
        receipt = delivery.receipt
        yield line(
            "record_delivered", at, "ehealth", source, system=system, what=what, receipt=receipt
        )
    else:
        why = reason(delivery.reason)
        yield line(
            "record_undelivered", at, "crossclaim", source, system=system, what=what, reason=why
        )


def _ended(scene: Scene, delivery: RecordDeliveryFact) -> datetime:
    return scene.answered_at(delivery.reference, delivery.recorded_at)


def _notice(scene: Scene, notice: RecordNoticeFact) -> StoryLine:
    known = {r.reference: r.system for r in scene.facts.record_requests}
    system = known.get(notice.reference, "ehealth")
    return line(
        f"record_notice_{notice.event}",
        notice.recorded_at,
        system,
        f"record_notice/{notice.number}",
        system=scene.name(system),
        means=word(MEANS, notice.means),
        notice=notice.number,
    )
