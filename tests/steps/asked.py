"""An insurer that asks for documents of its claims, and whoever answers, on our rows."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.claims import ClaimSteps
from activities.information_requests import InformationSteps
from activities.orders import Subject
from crossclaim.domain.information_rows import InformationRequestRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.rig import Answer, Rig

DAY = timedelta(days=1)
LINK = "ul_0123456789ab"
"""The key of an answer that came by a link."""
_numbers = itertools.count(1)


def wanted(*kinds: str, of: str = "patient", **more: object) -> Body:
    documents = [{"type": kind} for kind in kinds]
    return {"number": f"IR-{next(_numbers)}", "asked_of": of, "documents": documents, **more}


@dataclass(frozen=True)
class Asked:
    """One claim with papers that still lacks some."""

    rig: Rig
    episode: str
    answer: Answer

    @property
    def claim(self) -> str:
        return str(self.answer.body["claim_id"])

    @property
    def request(self) -> str:
        return str(self.answer.body["information"]["request"])

    def row(self, request: str = "") -> InformationRequestRow:
        rows = self.rig.rows(self.episode).information_requests
        return next(r for r in rows if r.id == (request or self.request))

    def state(self) -> str:
        return self.rig.rows(self.episode).claim(self.claim).state

    def say(self, kind: SubmissionKind, content: Body, at: datetime, key: str = "k") -> Answer:
        said = self.rig.say(kind, content, self.episode, organisation=INSURER, key_id=key, at=at)
        return said[1]

    def asks(self, content: Body, at: datetime = APPROVED) -> Answer:
        kind = SubmissionKind.INFORMATION_REQUEST
        return self.say(kind, {"claim": self.claim, **content}, at)

    def changes(self, at: datetime, request: str = "", **how: object) -> Answer:
        content = {"number": f"IC-{next(_numbers)}", "request": request or self.request, **how}
        return self.say(SubmissionKind.INFORMATION_CHANGE, content, at)

    def sends(
        self, item: int, text: str = "", at: datetime = APPROVED + DAY, request: str = ""
    ) -> Answer:
        """A document by the patient's link."""
        sha256 = uploaded(self.rig, self.episode, text or f"document {next(_numbers)}")
        content = {"request": request or self.request, "item": item, "sha256": sha256}
        return self.say(SubmissionKind.INFORMATION_ANSWER, content, at, LINK)

    def lacks(self, item: int, reason: str = "lost", at: datetime = APPROVED + DAY) -> Answer:
        content = {"request": self.request, "item": item, "cannot_be_had": reason}
        return self.say(SubmissionKind.INFORMATION_ANSWER, content, at, LINK)

    def followed(self, at: datetime) -> Standing:
        order = Subject(episode_id=self.episode, subject=self.request, at=at)
        return InformationSteps(self.rig.world).follow_information_request(order)

    def decided(self, at: datetime = APPROVED) -> Standing:
        order = Subject(episode_id=self.episode, subject=self.claim, at=at)
        return ClaimSteps(self.rig.world).decide_claim(order)

    def stock(self, at: datetime) -> Standing:
        return self.rig.standing(self.episode, at)


def asked(rig: Rig, *kinds: str, of: str = "patient") -> Asked:
    """A claim with papers that asks for these documents."""
    content = claim(information=wanted(*kinds, of=of))
    kind = SubmissionKind.PAPER_CLAIM
    episode, answer = rig.say(kind, content, organisation=INSURER, at=APPROVED)
    return Asked(rig, episode, answer)


def uploaded(rig: Rig, episode: str, text: str, organisation: str = INSURER) -> str:
    """The row of a document that was uploaded before; its SHA-256."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    rig.change(
        "insert into document (episode_id, sha256, organisation_id, object_key, content_type,"
        " size_bytes) values (%(id)s, %(sha256)s, %(organisation)s, %(key)s, 'application/pdf', 9)"
        " on conflict do nothing",
        id=episode,
        sha256=sha256,
        organisation=organisation,
        key=f"{episode}/documents/{sha256}",
    )
    return sha256
