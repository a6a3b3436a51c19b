"""What a spouse signs is the spouse's word alone: it never stands for the patient's."""

from __future__ import annotations

import pytest
from ulid import ULID

from activities import apply_bill
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, example, varied
from tests.steps.rig import HOSPITAL, Rig, Visit


def opened(rig: Rig, by: str) -> Visit:
    """An episode whose only eHealth consent was signed by one of the two."""
    voucher = example("episode-2-voucher")
    consents: list[Body] = [
        c if by == "patient" else {**c, "given_by": by} for c in voucher["consents"]
    ]
    submission = varied(
        voucher,
        hospital=HOSPITAL,
        visit={"number": f"MZ-{ULID()}"},
        consents=consents,
    )
    episode, answer = rig.say(SubmissionKind.EPISODE, submission)
    assert answer.status == 201, answer.body
    rig._look_up(episode)
    return Visit(rig, episode)


def test_the_spouse_s_joining_of_ehealth_does_not_join_the_patient(rig: Rig) -> None:
    assert opened(rig, "spouse").bill()[1].codes == ["VOUCHER_EHEALTH_CONSENT_MISSING"]
    assert opened(rig, "patient").bill()[1].status == 200


def test_the_naive_twin_that_asks_who_signed_nothing_takes_it_for_the_patient_s(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = apply_bill.facts_of

    def anybody(
        case: apply_bill.Case, bill: apply_bill.BillSubmission, bill_id: str = ""
    ) -> BillFacts:
        signed = sorted({c.type.value for c in case.rows.consents_in_force()})
        return real(case, bill, bill_id).model_copy(update={"consents": signed})

    monkeypatch.setattr(apply_bill, "facts_of", anybody)
    assert opened(rig, "spouse").bill()[1].status == 200
