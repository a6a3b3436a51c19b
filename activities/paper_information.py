"""What an insurer still wants to see of a claim with papers, asked in the claim itself."""

from __future__ import annotations

from activities.apply_information import open_request, rules_of, told
from activities.case import Case
from crossclaim.domain.allocation import Fault
from crossclaim.domain.information_request import Scope, on_bill, wanted_faults
from crossclaim.domain.paper_claim import PaperClaimSubmission, bill_of

_PLACE = "/information"


def paper_information_faults(case: Case, claim: PaperClaimSubmission) -> list[Fault]:
    """Nothing was asked for before: only the papers and their documents are here."""
    if claim.information is None:
        return []
    bill = bill_of(claim)
    scope = Scope(
        lines=frozenset(line.number for line in bill.lines),
        papers=frozenset(paper.number for paper in claim.papers),
        taken=on_bill(one.kind.value for one in bill.documents),
    )
    return wanted_faults(claim.information, scope, rules_of(case), case.at, _PLACE)


def open_with_papers(case: Case, claim: PaperClaimSubmission, claim_id: str) -> dict[str, object]:
    """Opens the request in the claim's own transaction; the claim waits from its first moment."""
    plan = rules_of(case)
    if claim.information is None or plan is None:
        return {}
    request_id = case.derived_id("ir")
    open_request(case, plan, request_id, claim_id, claim.information)
    return {"information": told(request_id, claim.information, plan, case.at)}
