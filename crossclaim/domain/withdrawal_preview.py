"""What the withdrawal of a consent would do, shown before anybody withdraws it (scenario E12).

Pure: the same rules over the same rows as the withdrawal itself, with the rows as they would be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.plan import Plan
from crossclaim.domain.records import ConsentRow, EpisodeRows
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.withdrawal import Send, withdrawal
from crossclaim.domain.withdrawal_effect import Effect, effect_of
from crossclaim.domain.withdrawal_reach import cut_off, facts_of, parts_before


class Preview(Frozen):
    ended: int
    """Consents that would end."""
    effects: list[Effect] = []
    """One for each insurer that it would cut off."""
    undecided: list[str] = []
    """Insurers of whom no rule says what happens: a person would decide."""
    faults: list[Fault] = []


def ends(one: ConsentRow, consent: ConsentType, by: str, recipient: str | None) -> bool:
    """Whether a withdrawal reaches this consent."""
    named = recipient is None or one.recipient == recipient
    return one.in_force and one.type is consent and one.given_by == by and named


def preview(
    rows: EpisodeRows,
    consent: ConsentType,
    by: str,
    recipient: str | None,
    at: datetime,
    plan: Plan | None,
    sends: Mapping[str, Sequence[Send]] | None = None,
) -> Preview:
    """``sends``: what went to each insurer on its consents so far."""
    reached = {one.id for one in rows.consents if ends(one, consent, by, recipient)}
    withdrawn = [
        one.model_copy(update={"withdrawn_at": at}) if one.id in reached else one
        for one in rows.consents
    ]
    after = rows.model_copy(update={"consents": withdrawn})
    effects: list[Effect] = []
    undecided: list[str] = []
    faults: list[Fault] = []
    for insurer in cut_off(rows, after):
        if plan is None:
            undecided.append(insurer)
            continue
        known = (sends or {}).get(insurer, ())
        found = withdrawal(facts_of(rows, insurer, consent, at, at, known), plan.on(local_day(at)))
        if found.faults:
            undecided.append(insurer)
            faults += found.faults
        else:
            effects.append(effect_of(insurer, parts_before(rows, insurer), found))
    return Preview(ended=len(reached), effects=effects, undecided=undecided, faults=faults)
