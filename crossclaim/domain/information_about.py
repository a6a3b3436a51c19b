"""What an information request is about: a claim, or a question about a letter. Pure."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.guarantee_rows import AT_DESK, OPEN, GuaranteeRequestRow
from crossclaim.domain.information_rows import InformationRequestRow
from crossclaim.domain.records import EpisodeRows

UNDECIDED = frozenset({"due", "submitted", "queued", "pended", "suspended"})
"""States of a claim on an insurer before it is decided; ``pended``: an examiner looks at it."""
AT_INSURER = frozenset({"queued", AT_DESK})
"""States in which an insurer has the question before it."""
_WITH_LETTER = "letter"


class Question(Frozen):
    """What an insurer is asked about a letter: ``reference`` is the one that it answers under."""

    reference: str
    state: str
    request_id: str | None = None
    """The row that keeps what the hospital sent with it."""


def question_of(rows: EpisodeRows, named: str, insurer: str) -> Question | None:
    """By its own reference or its letter's; what is still open comes before what was answered."""
    letters = {g.id: g for g in rows.guarantees if g.insurer_id == insurer}
    own = [r for r in rows.guarantee_requests if r.guarantee_id in letters]
    for request in sorted(own, key=lambda r: not r.open):
        names = (request.reference, letters[request.guarantee_id].reference)
        if request.state != _WITH_LETTER and named in (names if request.open else names[:1]):
            found = (request.reference, request.state, request.id)
            return Question(reference=found[0], state=found[1], request_id=found[2])
    for letter in letters.values():
        sent = [r for r in own if r.guarantee_id == letter.id and r.state == _WITH_LETTER]
        if named in (letter.reference, *(r.reference for r in sent)):
            first = sent[0].id if sent else None
            return Question(reference=letter.reference, state=letter.state, request_id=first)
    return None


def still_awaited(rows: EpisodeRows, asked: InformationRequestRow) -> bool:
    """The claim is not decided, or the question not answered, for which documents are wanted."""
    if asked.guarantee is None:
        return any(c.id == asked.claim_id and c.state in UNDECIDED for c in rows.claims)
    if any(r.reference == asked.guarantee and r.open for r in rows.guarantee_requests):
        return True
    return any(g.reference == asked.guarantee and g.state in OPEN for g in rows.guarantees)


def asked_about(rows: EpisodeRows, reference: str) -> GuaranteeRequestRow | None:
    """The question, if it has a row and a clock of its own."""
    return next((r for r in rows.guarantee_requests if r.reference == reference), None)
