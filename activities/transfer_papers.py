"""Issues the record of a hand-over in three languages, by consent or, in an emergency, by law."""

from __future__ import annotations

import hashlib

from temporalio import activity

from activities.apply_transfer import consents_to
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.plan import RuleMissing
from crossclaim.domain.records import ConsentRow, EpisodeRows
from crossclaim.domain.reference import Names
from crossclaim.domain.standing import Standing
from crossclaim.domain.transfer import (
    LANGUAGES,
    HandOverRecord,
    Release,
    needs_on,
    release_of,
)
from crossclaim.domain.transfer_rows import HandOverRow

HTML = "text/html"
_Paper = tuple[str, str, str, int]


class TransferPapers:
    """The objects first; the rows by which they can be read, the audit and the gate in one
    transaction, so that every release is provably before a withdrawal or after it."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="issue_hand_over_record")
    def issue_hand_over_record(self, order: Subject) -> Standing:
        with self._world.records.transaction() as tx:
            rows, known = self._due(tx, order)
            if known is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            release = self._release(rows, known, order)
            if not release.basis:
                return self._held(tx, order, known, release)
            record = self._record(tx, rows, known, release)
        papers = self._printed(order, known, record)
        with self._world.records.transaction() as tx:
            rows, known = self._due(tx, order)
            if known is not None and self._release(rows, known, order) == release:
                signed = self._signed(rows, known)
                self._issue(tx, order, known, release, signed, papers)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _due(
        self, tx: EpisodeTransaction, order: Subject
    ) -> tuple[EpisodeRows, HandOverRow | None]:
        rows = tx.lock(order.episode_id)
        assert rows is not None, "the episode is open"
        found = (h for h in rows.hand_overs if h.id == order.subject and h.state == "due")
        return rows, next(found, None)

    def _release(self, rows: EpisodeRows, known: HandOverRow, order: Subject) -> Release:
        plans, given = self._world.plans, {c.type for c in self._signed(rows, known)}
        try:
            needs = needs_on(plans, order.at)
        except RuleMissing:
            return Release()
        return release_of(needs, given, known.emergency_reason, plans, order.at)

    def _signed(self, rows: EpisodeRows, known: HandOverRow) -> list[ConsentRow]:
        return consents_to(rows, known.recipient, self._world.reference)

    def _held(
        self, tx: EpisodeTransaction, order: Subject, known: HandOverRow, release: Release
    ) -> Standing:
        """A consent ended after the record was taken in: it stays, and a person is told."""
        tx.set_hand_over_state(known.id, "held")
        details = {"code": ",".join(need.value for need in release.missing)}
        tx.open_exception(order.episode_id, "HAND_OVER_HELD", known.id, details, order.at)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    def _printed(self, order: Subject, known: HandOverRow, record: HandOverRecord) -> list[_Paper]:
        printer, documents = self._world.hand_over_printer, self._world.documents
        assert printer is not None and documents is not None, "records are only due with both"
        papers: list[_Paper] = []
        for language in LANGUAGES:
            content = printer.hand_over_record(record, language)
            sha256 = hashlib.sha256(content).hexdigest()
            key = f"{order.episode_id}/hand-over/{known.id}-{record.basis}-{language}.html"
            documents.put(key, content, HTML)
            papers.append((language, sha256, key, len(content)))
        return papers

    def _issue(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        known: HandOverRow,
        release: Release,
        signed: list[ConsentRow],
        papers: list[_Paper],
    ) -> None:
        needs = needs_on(self._world.plans, order.at)
        # Under the lock of the episode, which a withdrawal takes too.
        tx.note_release(known.id, release, [c.id for c in signed if c.type in needs], order.at)
        for language, sha256, key, size in papers:
            tx.add_hand_over_paper(order.episode_id, known.id, language, sha256, key, size)
        tx.set_hand_over_state(known.id, "issued")
        tx.resolve_exceptions(order.episode_id, ["HAND_OVER_HELD"], order.at, known.id)
        if release.basis == "emergency":
            details = {"code": ",".join(need.value for need in release.missing)}
            code = "TRANSFER_EMERGENCY_RELEASE"
            tx.open_exception(order.episode_id, code, known.id, details, order.at)
        tx.change_episode(order.episode_id)

    def _record(
        self, tx: EpisodeTransaction, rows: EpisodeRows, known: HandOverRow, release: Release
    ) -> HandOverRecord:
        told, content = tx.hand_over_content(known.id), tx.episode_content(rows.episode.id)
        name, document = content.patient.name, content.patient.documents[0]
        return HandOverRecord(
            number=told.number,
            visit=content.visit.number,
            patient=" ".join(part for part in (name.zh, name.en) if part),
            document=f"{document.type.value} {document.number}",
            birth_date=content.patient.birth_date,
            handed_over_by=self._named(told.handed_over_by.institution),
            handed_over_staff=told.handed_over_by.staff,
            taken_over_by=self._named(told.taken_over_by.institution),
            taken_over_staff=told.taken_over_by.staff,
            departed_at=told.departed_at,
            handed_over_at=told.handed_over_at,
            condition=told.condition,
            crew=told.crew,
            vehicle=told.vehicle,
            basis=release.basis,
            missing=[need.value for need in release.missing],
        )

    def _named(self, institution: str) -> Names:
        known = self._world.reference.transfer_institution(institution)
        if known is not None:
            return known.name
        return Names(en=institution, zh_hant=institution, zh_hans=institution)
