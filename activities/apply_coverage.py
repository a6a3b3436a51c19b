"""Adds a cover that was stated after the episode was opened, at discharge for instance."""

from __future__ import annotations

from dataclasses import replace

from activities.apply_records import note_ehealth_consents
from activities.case import Case, Outcome, refused
from activities.guarantee_letters import open_first
from crossclaim.domain.bill_orders import CoverageSubmission
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import CoverageClaimed, EpisodeSubmission, FunderKind


def apply_coverage(case: Case) -> Outcome:
    """It is looked up and asked about as the others were; a final bill that stands is split anew
    by a replacement, what is locked of it stays."""
    asked = CoverageSubmission.model_validate(case.stored.content)
    tx, content = case.transaction, case.transaction.episode_content(case.episode_id)
    if _there(case.rows, asked.coverage):
        return refused([step_fault("COVERAGE_THERE_ALREADY", "/coverage")])
    place = len(content.coverages)
    widened = content.model_copy(
        update={
            "coverages": [*content.coverages, asked.coverage],
            "consents": [*content.consents, *asked.consents],
        }
    )
    decides: dict[str, str] = {i.id: i.decides for i in case.world.reference.insurers}
    organisation = asked.coverage.organisation or ""
    tx.add_coverage(case.episode_id, widened, place, decides.get(organisation), case.at)
    tx.add_consents(case.episode_id, asked.consents)
    note_ehealth_consents(case, content.patient, asked.consents)
    if asked.coverage.funder is FunderKind.INSURER and content.estimate is not None:
        _ask_guarantee(case, widened, place, asked.coverage, decides)
    final = [b.number for b in case.rows.bills if b.payable]
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "coverage": place,
        "status": "added",
        "bills_to_replace": final,
    }
    return Outcome(200, body, changed=False)


def _there(rows: EpisodeRows, coverage: CoverageClaimed) -> bool:
    """One coverage an insurer, and one a kind of the others."""
    if coverage.funder is FunderKind.INSURER:
        return rows.insured_with(coverage.organisation) is not None
    return rows.coverage(coverage.funder) is not None


def _ask_guarantee(
    case: Case,
    content: EpisodeSubmission,
    place: int,
    coverage: CoverageClaimed,
    decides: dict[str, str],
) -> None:
    """Asked for now, whatever was planned when the others were asked."""
    visit = content.visit.model_copy(
        update={"guarantee_requested_at": case.at, "planned_admission": None}
    )
    now = content.model_copy(update={"visit": visit})
    stored = case.stored.model_copy(update={"content": now.model_dump(mode="json")})
    open_first(replace(case, stored=stored), now, place, coverage, decides)
