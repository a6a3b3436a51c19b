"""Transfers by ambulance: recorded, issued by consent or in an emergency, billed, covered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from activities.claims import ClaimSteps
from activities.orders import Subject
from crossclaim.domain.errors import Retryable
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import varied
from tests.steps.rig import Rig, totals
from tests.steps.transfer_rig import BEYOND, NOW, Transfer, TransferRig

NEEDED = ["AMBULANCE_TRANSFER", "PI_CROSS_BORDER", "PI_PROVIDE", "PI_SENSITIVE"]


@pytest.fixture
def transfers(rig: Rig) -> TransferRig:
    return TransferRig.of(rig)


def emergency(transfers: TransferRig) -> Transfer:
    return transfers.open("ambulance-emergency")


def test_a_hand_over_is_issued_in_three_languages_by_the_patients_consents(
    transfers: TransferRig,
) -> None:
    transfer = transfers.open()
    assert transfer.standing().waiting_for == "HAND_OVER"
    assert transfer.hand_over().status == 201
    assert transfer.standing().hand_over_due is not None
    transfer.issue()
    assert transfer.state() == "issued"
    assert set(transfer.papers()) == {"en", "zh-Hant", "zh-Hans"}
    page = transfer.papers()["en"]
    assert "WONG Chi Ming" in page and "awake, pain 4 of 10" in page and "HK-AP-0001" in page
    assert "Example Hospital, Hong Kong (AE-0071)" in page
    (release,) = transfer.releases()
    assert (release["basis"], release["recipient"]) == ("consent", BEYOND)
    assert len(release["consents"]) == 4 and release["missing"] == []
    assert transfer.of.rig.exceptions(transfer.id) == {}


def test_the_condition_of_the_patient_stands_in_no_row_unsealed(transfers: TransferRig) -> None:
    transfer = transfers.open()
    transfer.hand_over()
    transfer.issue()
    found = transfer.of.rig._select(
        "select h::text as told from hand_over h where episode_id = %(id)s", id=transfer.id
    )
    assert "pain" not in found[0]["told"] and "oxygen" not in found[0]["told"]


def test_a_repeated_issue_changes_nothing(transfers: TransferRig) -> None:
    transfer = transfers.open()
    transfer.hand_over()
    transfer.issue()
    before = (transfer.papers(), transfer.releases())
    transfer.issue()
    assert (transfer.papers(), transfer.releases()) == before


def test_without_the_consents_nothing_is_taken_and_each_is_named(transfers: TransferRig) -> None:
    transfer = emergency(transfers)
    answer = transfer.hand_over("hand-over-without")
    assert answer.status == 422 and answer.codes == ["TRANSFER_CONSENT_MISSING"] * 4
    told = " ".join(error["text"]["en"] for error in answer.body["errors"])
    assert all(code in told for code in NEEDED)
    assert transfer.of.rig.rows(transfer.id).hand_overs == []


def test_consents_for_another_institution_do_not_open_the_border(transfers: TransferRig) -> None:
    other = [
        {**consent, "recipient": "jiangmen-central"} if "recipient" in consent else consent
        for consent in transfers.open().content["episode"]["consents"]
    ]
    transfer = transfers.open(consents=other)
    assert transfer.hand_over().codes == ["TRANSFER_CONSENT_MISSING"] * 3


def _standing_in(transfers: TransferRig, region: str) -> TransferRig:
    """The same institution, somewhere else beyond the border."""
    known = transfers.world.reference
    moved = [i.model_copy(update={"region": region}) for i in known.transfer_institutions]
    reference = known.model_copy(update={"transfer_institutions": moved})
    rig = replace(transfers.rig, world=replace(transfers.world, reference=reference))
    return TransferRig(rig, transfers.shelf)


@pytest.mark.parametrize("region", ["HK", "MO"])
@pytest.mark.parametrize("text", ["2026-01", "2026-01-MO"])
def test_a_text_for_one_side_lets_no_record_go_to_the_other(
    transfers: TransferRig, region: str, text: str
) -> None:
    signed = transfers.open().content["episode"]["consents"]
    consents = [
        {**c, "text_version": text} if c["type"] == "PI_CROSS_BORDER" else c for c in signed
    ]
    transfer = _standing_in(transfers, region).open(consents=consents)
    answer = transfer.hand_over()
    if (region == "MO") is not text.endswith("MO"):
        assert answer.codes == ["TRANSFER_CONSENT_MISSING"]
        return
    assert answer.status == 201
    transfer.issue()
    (release,) = transfer.releases()
    assert len(release["consents"]) == 4


def test_where_the_institution_turns_out_to_stand_elsewhere_the_record_is_held(
    transfers: TransferRig,
) -> None:
    transfer = transfers.open()
    transfer.hand_over()
    replace(transfer, of=_standing_in(transfers, "MO")).issue()
    assert transfer.state() == "held" and not transfer.papers() and not transfer.releases()


def test_in_an_emergency_the_record_goes_out_by_law_and_its_reason_is_kept(
    transfers: TransferRig,
) -> None:
    transfer = emergency(transfers)
    assert transfer.hand_over().status == 201
    transfer.issue()
    (release,) = transfer.releases()
    assert release["basis"] == "emergency" and release["reason"] == "life_at_risk"
    assert release["rule"] == "consent-withdrawal:emergency.outbound"
    assert release["decided_by"] == "DR-1024" and release["consents"] == []
    assert sorted(release["missing"]) == NEEDED
    assert "article 35 (7)" in transfer.papers()["en"]
    told = transfer.of.rig.exceptions(transfer.id)
    assert set(told) == {"TRANSFER_EMERGENCY_RELEASE"}


def test_before_the_law_opened_the_border_an_emergency_opens_nothing(
    transfers: TransferRig,
) -> None:
    before = datetime(2024, 12, 31, 15, 59, tzinfo=UTC)
    transfer = emergency(transfers)
    assert transfer.hand_over(at=before).codes == ["TRANSFER_EMERGENCY_CLOSED"]
    assert transfer.hand_over(at=datetime(2024, 12, 31, 16, 0, tzinfo=UTC)).status == 201


def test_an_emergency_that_was_stated_beside_all_consents_is_not_used(
    transfers: TransferRig,
) -> None:
    stated = emergency(transfers).content["hand-over"]["emergency"]
    transfer = transfers.open()
    assert transfer.hand_over(emergency=stated).status == 201
    transfer.issue()
    (release,) = transfer.releases()
    assert (release["basis"], release["reason"], release["decided_by"]) == ("consent", "", "")
    assert transfer.of.rig.exceptions(transfer.id) == {}


def test_a_consent_withdrawn_before_the_issue_holds_the_record_until_it_is_signed_again(
    transfers: TransferRig,
) -> None:
    transfer = transfers.open()
    transfer.hand_over()
    transfer.withdraw("PI_CROSS_BORDER")
    transfer.issue()
    assert transfer.state() == "held" and not transfer.papers() and not transfer.releases()
    assert transfer.of.rig.exceptions(transfer.id) == {"HAND_OVER_HELD": "PI_CROSS_BORDER"}
    assert transfer.standing().waiting_for == "TRANSFER_CONSENT"
    transfer.sign("PI_CROSS_BORDER")
    assert transfer.standing().hand_over_due is not None
    transfer.issue()
    assert transfer.state() == "issued" and "HAND_OVER_HELD" not in transfer.of.rig.exceptions(
        transfer.id
    )


def test_a_consent_withdrawn_while_the_record_is_printed_keeps_it_here(
    transfers: TransferRig,
) -> None:
    """The twin would look before it prints only, and hand out what may go out no more."""
    transfer = transfers.open()
    transfer.hand_over()
    kept = transfer.of.shelf.put

    def put(key: str, content: bytes, content_type: str) -> None:
        kept(key, content, content_type)
        if key.endswith("zh-Hans.html"):
            transfer.withdraw("AMBULANCE_TRANSFER")

    transfer.of.shelf.put = put  # type: ignore[method-assign]
    transfer.issue()
    assert transfer.of.shelf.kept and not transfer.papers() and not transfer.releases()
    assert transfer.state() == "due"
    transfer.issue()
    assert transfer.state() == "held"


def test_a_silent_document_store_leaves_the_record_due(transfers: TransferRig) -> None:
    transfer = transfers.open()
    transfer.hand_over()
    transfer.of.shelf.down = True
    with pytest.raises(Retryable):
        transfer.issue()
    assert transfer.state() == "due" and not transfer.releases()
    transfer.of.shelf.down = False
    transfer.issue()
    assert transfer.state() == "issued"


def test_nobody_changes_or_takes_away_on_what_basis_a_record_went_out(
    transfers: TransferRig,
) -> None:
    transfer = emergency(transfers)
    transfer.hand_over()
    transfer.issue()
    for statement in (
        "update hand_over_release set basis = 'consent' where episode_id = %(id)s",
        "delete from hand_over_release where episode_id = %(id)s",
        "update hand_over set emergency_reason = '' where episode_id = %(id)s",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
            transfer.of.rig.change(statement, id=transfer.id)


def test_a_final_bill_waits_for_the_hand_over_and_an_interim_one_does_not(
    transfers: TransferRig,
) -> None:
    transfer = transfers.open()
    assert transfer.bill().codes == ["TRANSFER_NOT_HANDED_OVER"]
    interim = varied(transfer.content["bill"], status="interim", number="F-INTERIM")
    assert transfer.say(SubmissionKind.BILL, interim).status == 200


def test_a_plan_that_switches_the_ambulance_on_pays_up_to_its_limit_a_transfer(
    transfers: TransferRig,
) -> None:
    transfer = transfers.open()
    transfer.hand_over()
    transfer.issue()
    split = transfer.bill().split
    assert totals(split) == {"insurer": "2287.50", "patient": "512.50"}
    (claim,) = transfer.of.rig.rows(transfer.id).claims
    order = Subject(episode_id=transfer.id, subject=claim.id, at=NOW)
    ClaimSteps(transfer.of.world).decide_claim(order)
    (decided,) = transfer.of.rig.rows(transfer.id).claims
    assert decided.benefit_minor == 250_000 and decided.pay_fen == 228_750


def test_a_plan_that_leaves_it_out_leaves_the_ambulance_to_the_patient(
    transfers: TransferRig,
) -> None:
    coverage = transfers.open().content["episode"]["coverages"][0]
    excluded = {**coverage, "plan": "gba-network-hk", "policy_number": "KM-2025-000052-x1"}
    base = transfers.open().content["episode"]
    submission = varied(base, coverages=[excluded], visit={"number": "TR-EXCLUDED-1"})
    episode, answer = transfers.rig.say(SubmissionKind.EPISODE, submission, at=NOW)
    assert answer.status == 201
    transfer = Transfer(transfers, episode, transfers.open().content)
    transfer.hand_over()
    split = transfer.bill().split
    assert totals(split) == {"insurer": "0.00", "patient": "2800.00"}
    (share,) = [s for s in split.shares if s.funder.value == "patient"]
    assert "EXCLUDED_CROSS_BORDER_AMBULANCE" in share.reasons


def test_another_hospital_and_an_approval_that_was_over_are_told_to_staff(
    transfers: TransferRig,
) -> None:
    transfer = transfers.open()
    approvals = [{"region": "HK", "number": "HK-1", "valid_until": "2026-04-13"}]
    vehicle = {"registration": "XB-0001", "approvals": approvals}
    assert transfer.hand_over(vehicle=vehicle).status == 201
    assert set(transfer.of.rig.exceptions(transfer.id)) == {"TRANSFER_APPROVAL_EXPIRED"}
    last = transfers.open()
    approvals[0]["valid_until"] = "2026-04-14"
    last.hand_over(vehicle=vehicle)
    assert last.of.rig.exceptions(last.id) == {}


def test_a_visit_that_is_no_transfer_has_no_hand_over(transfers: TransferRig) -> None:
    visit = transfers.open("benefits-switched-on")
    record = transfers.open().content["hand-over"]
    assert visit.say(SubmissionKind.HAND_OVER, record).codes == ["TRANSFER_NOT_THE_VISIT"]
