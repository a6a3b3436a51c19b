"""Letters of guarantee for their insurer's people, under row-level security."""

from __future__ import annotations

import asyncio

from crossclaim.console.letters import LetterTold
from crossclaim.domain.errors import NotFound
from crossclaim.domain.guarantee_rows import GuaranteeRow
from crossclaim.domain.information_about import AT_INSURER, asked_about, question_of
from crossclaim.domain.records import EpisodeRows
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.console_claim_papers import ClaimPapers
from crossclaim.service.party_view import is_closed_off, own_rows
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database


class LetterDesk:
    """Implements ``crossclaim.console.letters.Letters``."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._papers = ClaimPapers(keyring, None)

    async def letter(self, principal: Principal, episode_id: str, reference: str) -> LetterTold:
        return await asyncio.to_thread(self._letter, principal, episode_id, reference)

    def _letter(self, principal: Principal, episode_id: str, reference: str) -> LetterTold:
        own = principal.organisation
        with self._database.begin(own) as connection:
            every = read_party_rows(connection, episode_id)
            if every is None or is_closed_off(own, every):
                raise NotFound("there is no such letter")
            rows = own_rows(own, every)
            letter = next((g for g in rows.guarantees if g.reference == reference), None)
            if letter is None:
                raise NotFound("there is no such letter")
            names = [letter.reference, *_questions(rows, letter)]
            asked = self._papers.requests_about(connection, episode_id, names, own)
        question = question_of(rows, reference, own)
        waits = question is not None and question.state in AT_INSURER
        row = asked_about(rows, question.reference) if question is not None else None
        return LetterTold(
            episode_id=episode_id,
            hospital_id=rows.episode.hospital_id,
            insurer=own,
            reference=letter.reference,
            number=letter.number,
            state=letter.state,
            estimate_minor=letter.estimate_minor,
            limit_minor=letter.limit_minor,
            currency=letter.currency,
            question=question.reference if question is not None and waits else "",
            due_at=row.due_at if row is not None and waits else None,
            requests=asked,
        )


def _questions(rows: EpisodeRows, letter: GuaranteeRow) -> list[str]:
    return [r.reference for r in rows.guarantee_requests if r.guarantee_id == letter.id]
