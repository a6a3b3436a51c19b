"""Marks a claim with what another one may have in common with it, when it is opened."""

from __future__ import annotations

from activities.records import EpisodeTransaction
from crossclaim.domain.paper_claim import Paper, PaperClaimSubmission, numbered
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.review_rows import Piece
from crossclaim.domain.standing import STAYS
from crossclaim.domain.stay import local_day


def mark_hospital_claim(
    tx: EpisodeTransaction, rows: EpisodeRows, bill: BillRow, claim_id: str, insurer: str | None
) -> None:
    """A claim on a bill that a hospital sent; the episode's other insurers are dual cover."""
    if insurer is None:
        return
    episode, piece = rows.episode, Piece(bill.number)
    if episode.encounter_class in STAYS and episode.admitted_at and episode.discharged_at:
        begins, ends = local_day(episode.admitted_at), local_day(episode.discharged_at)
        piece = piece._replace(begins=begins, ends=ends)
    names = [c.organisation_id for c in rows.insurers() if c.organisation_id not in (None, insurer)]
    known = [name for name in names if name is not None]
    tx.mark_claim(claim_id, episode.id, bill.id, insurer, [piece], names=known)


def pieces_of(claim: PaperClaimSubmission) -> list[Piece]:
    """The papers of a claim, with their lines as the claim's one bill numbers them."""
    return [_piece(paper) for paper in numbered(claim.papers)]


def _piece(paper: Paper) -> Piece:
    days = sorted(line.service_date for line in paper.lines)
    lines = sorted(line.number for line in paper.lines)
    piece = Piece(paper.number, first=lines[0], last=lines[-1])
    # The last day of service stands for the day of discharge, which papers do not state.
    stay = paper.encounter_class in STAYS
    return piece._replace(begins=days[0], ends=days[-1]) if stay else piece
