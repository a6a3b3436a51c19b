"""What a patient asked back and a withdrawn consent stopped can be asked for again."""

from __future__ import annotations

from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import example
from tests.steps.rig import Answer, Rig
from tests.steps.withdrawn_visit import WHOLE, WithdrawnVisit, on


def asked_back(visit: WithdrawnVisit) -> Answer:
    content = {
        "bill_number": visit.bill["number"],
        "bill_version": visit.bill["version"],
        "requested_at": visit.now.isoformat(),
        "account": example("episode-1-reimbursement")["account"],
    }
    return visit.say(SubmissionKind.REIMBURSEMENT, content)


def with_a_later_part(rig: Rig) -> WithdrawnVisit:
    """The guarantee is smaller than the insured part; the insurer has paid what it guaranteed."""
    visit = WithdrawnVisit.opened(rig, limit_hkd=1_000)
    split = visit.billed().split
    visit.tender(split.totals[-1].amount.amount_minor)
    assert split.later and split.total.amount_minor == WHOLE
    visit.submit()
    visit.decided()
    visit.credited()
    return visit


def states(visit: WithdrawnVisit) -> list[tuple[str, str]]:
    return [(c.kind, c.state) for c in visit.rows().claims]


def test_with_a_new_consent_the_patient_asks_again_for_what_was_stopped(rig: Rig) -> None:
    visit = with_a_later_part(rig)
    assert asked_back(visit).status == 202
    visit.withdraw(on(7))
    assert states(visit)[-1] == ("reimbursement", "voided")
    visit.give_again(on(8))
    answer = asked_back(visit)
    assert answer.status == 202, answer.body
    assert [state for _, state in states(visit)] == ["partial", "voided", "due"]
    assert asked_back(visit).codes == ["REIMBURSEMENT_ALREADY_ASKED"]
