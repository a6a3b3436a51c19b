"""Tells of the visit: opening, consents, cover, admission, discharge, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.story_facts import ConsentFact, CoverageFact, SubmissionFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reason, word
from crossclaim.domain.story_phrase import Value, joined
from crossclaim.domain.story_sentences_records import CAPACITIES
from crossclaim.domain.story_words import CONSENTS, ENCOUNTERS, KINDS, METHODS
from crossclaim.domain.submission import SubmissionKind

_TOLD_FAULTS = 3
_TAKEN_BACK: dict[str, str] = {
    SubmissionKind.VOID: "bill_voided",
    SubmissionKind.REOPENING: "bill_reopened",
    SubmissionKind.CANCELLATION: "settlement_taken_back",
    SubmissionKind.COVERAGE: "coverage_added",
}


def tell_visit(scene: Scene) -> Iterator[StoryLine]:
    yield _opening(scene)
    for consent in scene.facts.consents:
        yield from _consent(scene, consent)
    for coverage in scene.facts.coverages:
        yield from _cover(scene, coverage)
    yield from _voucher(scene)
    for submission in scene.facts.submissions:
        yield from _submission(scene, submission)
    yield from _stay(scene)


def _opening(scene: Scene) -> StoryLine:
    """By the hospital, or by an insurer with the papers of what its member paid."""
    episode = scene.facts.episode
    values: dict[str, Value] = {
        "hospital": scene.hospital(),
        "encounter": word(ENCOUNTERS, episode.encounter_class),
    }
    papers = [s for s in scene.facts.submissions if s.kind == SubmissionKind.PAPER_CLAIM.value]
    if not papers:
        who = episode.hospital_id
        return line("episode_opened", episode.recorded_at, who, "episode", **values)
    who = papers[0].organisation_id
    values["insurer"] = scene.name(who)
    return line("papers_opened", episode.recorded_at, who, "episode", **values)


def _consent(scene: Scene, consent: ConsentFact) -> Iterator[StoryLine]:
    source, what = f"consent/{consent.id}", word(CONSENTS, consent.type)
    values: dict[str, Value] = {
        "consent": what,
        "signed_at": consent.signed_at,
        "version": consent.text_version,
        "channel": word(METHODS, consent.channel),
    }
    if consent.signer_capacity:
        signer = word(CAPACITIES, consent.signer_capacity)
        values |= {"capacity": signer, "paper": consent.signer_paper}
        yield line("consent_signed_by", consent.recorded_at, "patient", source, **values)
    elif consent.recipient:
        recipient = scene.name(consent.recipient)
        yield line(
            "consent_given_to",
            consent.recorded_at,
            "patient",
            source,
            recipient=recipient,
            **values,
        )
    else:
        kind = "consent_given_by_spouse" if consent.given_by == "spouse" else "consent_given"
        yield line(kind, consent.recorded_at, consent.given_by, source, **values)
    if consent.withdrawn_at is not None:
        yield _withdrawn(scene, consent, consent.withdrawn_at)


def _withdrawn(scene: Scene, consent: ConsentFact, at: datetime) -> StoryLine:
    """With the recipient, so that one who took several back is told of each."""
    words: dict[str, Value] = {"consent": word(CONSENTS, consent.type)}
    kind = "consent_withdrawn"
    if consent.given_by == "spouse":
        kind += "_by_spouse"
    elif consent.recipient:
        kind, words["recipient"] = f"{kind}_from", scene.name(consent.recipient)
    return line(kind, at, consent.given_by, f"consent/{consent.id}", **words)


def _cover(scene: Scene, coverage: CoverageFact) -> Iterator[StoryLine]:
    if coverage.eligible is None:
        return
    insurer = coverage.organisation_id or ""
    known = coverage.eligibility_at or scene.facts.episode.recorded_at
    asked = [a.reference for a in scene.facts.attempts if a.operation == "eligibility"]
    at = scene.answered_at(asked[0], known) if asked else known
    source = f"coverage/{coverage.ordinal}"
    if coverage.eligible:
        yield line(
            "cover_confirmed",
            at,
            insurer,
            source,
            insurer=scene.name(insurer),
            plan=coverage.plan or "",
        )
    else:
        why = reason(coverage.disposition)
        yield line("cover_refused", at, insurer, source, insurer=scene.name(insurer), reason=why)


def _voucher(scene: Scene) -> Iterator[StoryLine]:
    account = scene.facts.voucher
    if account is None:
        return
    asked = [a.reference for a in scene.facts.attempts if a.operation == "look-up"]
    at = scene.answered_at(asked[0], account.looked_up_at) if asked else account.looked_up_at
    if account.cny_per_hkd is None:
        yield line("voucher_missing", at, "voucher", "voucher_account")
        return
    yield line(
        "voucher_found",
        at,
        "voucher",
        "voucher_account",
        rate=f"{account.cny_per_hkd.normalize():f}",
        rate_id=account.rate_id,
    )


def _submission(scene: Scene, submission: SubmissionFact) -> Iterator[StoryLine]:
    """Only what no other row tells: the refused, the unanswered and the taken back."""
    who, source = submission.organisation_id, f"submission/{submission.id}"
    values: dict[str, Value] = {
        "organisation": scene.name(who),
        "what": word(KINDS, submission.kind),
    }
    at = submission.received_at
    if submission.status is None:
        yield line("submission_unanswered", at, who, source, **values)
    elif submission.status >= 400:
        yield line("submission_refused", at, who, source, reasons=_faults(submission), **values)
    elif submission.kind in _TAKEN_BACK:
        kind = _TAKEN_BACK[submission.kind]
        yield line(kind, at, who, source, organisation=scene.name(who))


def _faults(submission: SubmissionFact) -> Sentence:
    told = [Sentence.model_validate(f["text"]) for f in submission.faults[:_TOLD_FAULTS]]
    return joined(told, (" ", "", ""))


def _stay(scene: Scene) -> Iterator[StoryLine]:
    episode = scene.facts.episode
    for kind, submitted, happened_at in (
        ("admitted", "record_admission", episode.admitted_at),
        ("discharged", "record_discharge", episode.discharged_at),
    ):
        if happened_at is None:
            continue
        taken = [
            s
            for s in scene.facts.submissions
            if s.kind == submitted and s.status is not None and s.status < 400
        ]
        at = max((s.received_at for s in taken), default=happened_at)
        source = f"submission/{taken[-1].id}" if taken else "episode"
        yield line(
            kind,
            at,
            episode.hospital_id,
            source,
            hospital=scene.hospital(),
            happened_at=happened_at,
        )
