"""API keys are shown once and kept as slow hashes; one table says what each role may do."""

from __future__ import annotations

import hashlib

import pytest

from crossclaim.domain.errors import NotAllowed, NotAuthenticated
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.api_keys import (
    ApiKeyRecord,
    is_hash_of,
    new_key,
    prefix_of,
    slow_hash,
    verify,
)
from crossclaim.security.roles import POLICY, Operation, Principal, Role, may, require


def test_a_new_key_verifies_against_its_record_and_no_other() -> None:
    plaintext, record = new_key("demo")
    _, other = new_key("demo")
    assert plaintext.startswith(f"cc_demo_{record.prefix}_")
    assert prefix_of(plaintext) == record.prefix
    assert verify(plaintext, record)
    assert not verify(plaintext, other)
    assert not verify(plaintext, None)


def test_the_record_holds_nothing_of_the_secret() -> None:
    plaintext, record = new_key("live")
    secret = plaintext.rpartition("_")[2]
    assert secret not in record.model_dump_json()
    assert len(secret) == 64


def test_a_changed_character_of_a_key_is_refused() -> None:
    plaintext, record = new_key("demo")
    # A slow hash of each would take long: every ninth, and the last.
    places = {*range(0, len(plaintext), 9), len(plaintext) - 1}
    for place, character in ((place, plaintext[place]) for place in sorted(places)):
        changed = plaintext[:place] + ("0" if character != "0" else "1") + plaintext[place + 1 :]
        assert not verify(changed, record)


def test_no_key_opens_a_record_without_a_hash_or_with_a_broken_one() -> None:
    plaintext = "cc_demo_000000000000_" + "0" * 64
    assert not verify(plaintext, None)
    for broken in ({}, {"argon2": ""}, {"argon2": "0" * 64}, {"sha256": "0" * 64}):
        assert not verify(plaintext, ApiKeyRecord(prefix="0" * 12, **broken))
        assert not verify("", ApiKeyRecord(prefix="0" * 12, **broken))


def test_a_key_of_an_older_build_verifies_by_its_fast_hash() -> None:
    plaintext, _ = new_key("demo")
    kept = ApiKeyRecord(prefix="0" * 12, sha256=hashlib.sha256(plaintext.encode()).hexdigest())
    assert verify(plaintext, kept)
    assert not verify(plaintext + "0", kept)


def test_two_hashes_of_one_key_differ_so_that_no_table_of_hashes_helps() -> None:
    plaintext, record = new_key("demo")
    again = slow_hash(plaintext)
    assert again != record.argon2 and again.startswith("$argon2id$")
    assert is_hash_of(again, plaintext)


def test_a_scope_narrows_what_a_role_may() -> None:
    reader = Principal(
        organisation="o", role=Role.HOSPITAL_BILLING, key_id="k", scopes=frozenset({"read"})
    )
    assert may(reader, "read_episode") and may(reader, "list_episodes")
    assert not may(reader, "submit_bill")
    clerk = reader.model_copy(update={"scopes": frozenset({"submit_bill", "decide_guarantee"})})
    assert may(clerk, "submit_bill") and not may(clerk, "read_episode")
    # A scope gives nothing that the role has not.
    assert not may(clerk, "decide_guarantee")


def test_whoever_has_two_keys_is_still_one_person() -> None:
    one = Principal(organisation="o", role=Role.FINANCE, key_id="a", person="pn_1")
    other = one.model_copy(update={"key_id": "b"})
    assert one.actor == other.actor == "pn_1"
    assert one.model_copy(update={"person": None}).actor == "a"


@pytest.mark.parametrize("text", ["", "Bearer x", "cc_demo_zz_00", "cc_demo_" + "0" * 12, "é" * 90])
def test_a_text_that_is_no_key_is_not_looked_up(text: str) -> None:
    with pytest.raises(NotAuthenticated):
        prefix_of(text)


def test_an_environment_that_would_break_the_format_is_refused() -> None:
    with pytest.raises(ValueError, match="environment"):
        new_key("my_env")


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert set(POLICY) == set(Operation)
    assert set(POLICY) >= set(SubmissionKind) - {
        SubmissionKind.INSURER_ANSWER,
        SubmissionKind.OFFICE_ANSWER,
    }


EXPECTED = {
    Role.HOSPITAL_BILLING: "keep_view keep_worklist "
    "submit_episode record_admission submit_bill record_discharge "
    "record_tender void_bill record_consent request_reimbursement upload_document read_episode "
    "list_episodes read_story apply_family_binding unbind_family_binding read_family_binding "
    "list_family_bindings link_family_code end_family_code read_family_code "
    "propose_payee_account record_appointment name_spouse "
    "record_identity_check read_use_record record_hand_over read_hand_over "
    "request_records read_record read_record_accesses deposit_records read_accesses "
    "confirm_pay_later sign_up_credit bind_credit_card confirm_credit_card apply_for_credit "
    "choose_instalments repay_credit close_credit_account read_credit_account "
    "confirm_refund read_bank match_bank answer_information read_information_requests "
    "make_upload_link make_patient_link appeal_claim read_letter ask_guarantee "
    "withdraw_guarantee read_exposures "
    "read_settlement read_bill preview_cancellation cancel_bill_settlement reopen_bill "
    "add_coverage read_submission read_webhooks manage_webhooks check_fhir read_import_template "
    "hold_episode release_episode cancel_episode read_repairs read_party_message read_paper",
    Role.HOSPITAL_PROVIDER: "read_bill read_episode list_episodes read_story confirm_voucher "
    "keep_view keep_worklist read_party_message read_paper "
    "read_use_record read_submission check_fhir",
    Role.INSURER_SYSTEM: "request_reimbursement upload_document read_episode list_episodes "
    "keep_view keep_worklist read_party_message read_paper "
    "read_story record_decision submit_claim propose_payee_account decide_payee_account "
    "read_bank match_bank submit_remittance decide_claim_lines confirm_claim_decision "
    "read_settlement approve_payout recall_payout propose_payout_finding decide_payout_finding "
    "read_claim_review review_claim_sample read_claim_samples request_information "
    "change_information_request answer_information read_information_requests "
    "read_information_document make_upload_link make_patient_link appeal_claim "
    "change_decision read_letter "
    "decide_guarantee withdraw_guarantee read_exposures read_bill confirm_claw_back "
    "read_submission read_webhooks manage_webhooks check_fhir propose_claw_back_write_off "
    "decide_claw_back_write_off "
    "propose_claw_back_finding decide_claw_back_finding read_import_template",
    Role.INSURER_EXAMINER: "request_reimbursement upload_document read_episode list_episodes "
    "keep_view keep_worklist read_party_message read_paper "
    "read_story record_decision submit_claim propose_payee_account decide_payee_account "
    "read_bank match_bank submit_remittance decide_claim_lines confirm_claim_decision "
    "read_settlement approve_payout recall_payout propose_payout_finding decide_payout_finding "
    "read_claim_review review_claim_sample read_claim_samples request_information "
    "change_information_request answer_information read_information_requests "
    "read_information_document make_upload_link make_patient_link appeal_claim decide_appeal "
    "change_decision read_letter decide_guarantee withdraw_guarantee read_exposures read_bill "
    "confirm_claw_back read_submission read_webhooks manage_webhooks check_fhir "
    "propose_claw_back_write_off decide_claw_back_write_off "
    "propose_claw_back_finding decide_claw_back_finding read_import_template",
    Role.SUPPORT: "read_episode list_episodes read_story read_record_accesses read_family_binding "
    "keep_view keep_worklist read_party_message show_in_clear read_paper "
    "list_family_bindings read_family_code read_credit_account read_bank read_bill "
    "preview_cancellation read_accesses ask_subject_request confirm_subject_request "
    "read_subject_request fetch_subject_export decode_payloads write_staff_note try_again_now "
    "check_fhir read_webhooks hold_document hold_episode release_episode propose_skip decide_skip "
    "read_repairs",
    Role.OPERATOR: "list_episodes read_story decode_payloads check_fhir read_webhooks keep_view",
    Role.AUDITOR: "read_episode list_episodes read_story read_record_accesses read_family_binding "
    "keep_view read_party_message "
    "list_family_bindings read_family_code read_credit_account read_bank read_bill "
    "preview_cancellation read_accesses read_subject_request check_fhir read_webhooks",
    Role.HOSPITAL_FINANCE: "propose_payee_account read_exposures read_episode keep_view "
    "keep_worklist "
    "list_episodes read_story confirm_refund read_bank match_bank "
    "read_settlement read_bill preview_cancellation",
    Role.INSURER_SUPERVISOR: "decide_payee_account withdraw_guarantee read_exposures "
    "approve_payout recall_payout decide_payout_finding decide_claw_back_write_off keep_view "
    "decide_claw_back_finding "
    "keep_worklist read_party_message read_paper "
    "confirm_claim_decision read_claim_review review_claim_sample "
    "read_claim_samples read_episode list_episodes read_story "
    "read_bill decide_appeal read_letter read_information_requests "
    "read_information_document",
    Role.FINANCE: "keep_view keep_worklist "
    "propose_payee_account decide_payee_account read_exposures "
    "approve_payout recall_payout propose_payout_finding "
    "decide_payout_finding read_episode list_episodes read_story "
    "read_bank match_bank submit_remittance read_settlement "
    "read_bill confirm_claw_back propose_claw_back_write_off decide_claw_back_write_off "
    "propose_claw_back_finding decide_claw_back_finding",
    Role.SUPPORT_SUPERVISOR: "read_episode list_episodes read_story read_credit_account keep_view "
    "keep_worklist read_party_message show_in_clear read_paper "
    "read_record_accesses read_family_binding list_family_bindings "
    "read_family_code read_bank read_bill preview_cancellation check_fhir "
    "write_staff_note try_again_now read_accesses read_subject_request read_webhooks "
    "hold_document hold_episode release_episode cancel_episode propose_skip decide_skip "
    "reset_episode read_repairs",
}
_EXAMINERS, _WATCH = "read_rules propose_plan", "read_rules read_operations"
_RUN = "propose_plan try_party_again"
OF_THE_CONSOLE = {
    Role.INSURER_EXAMINER: _EXAMINERS,
    Role.INSURER_SUPERVISOR: _EXAMINERS,
    Role.AUDITOR: _WATCH,
    Role.SUPPORT: f"{_WATCH} {_RUN}",
    Role.SUPPORT_SUPERVISOR: f"{_WATCH} {_RUN} decide_plan manage_schedules",
    Role.OPERATOR: f"{_WATCH} {_RUN} decide_plan manage_schedules",
}
EVERYBODY = ["read_myself", "change_role"]


def answers(role: Role, operation: Operation) -> set[bool]:
    """What each of the three ways to ask says."""
    principal = Principal(organisation="hospital-a", role=role, key_id="abc")
    try:
        require(principal, operation)
        required = True
    except NotAllowed as refused:
        required = str(role) not in str(refused)
    return {may(principal, operation), may(principal, str(operation)), required}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_exactly_what_is_written_here(role: Role) -> None:
    written = {*EXPECTED[role].split(), *OF_THE_CONSOLE.get(role, "").split(), *EVERYBODY}
    wrong = [each for each in Operation if answers(role, each) != {str(each) in written}]
    assert wrong == []


def test_an_operation_nobody_wrote_down_is_nobodys() -> None:
    for role in Role:
        assert not may(Principal(organisation="o", role=role, key_id="k"), "drop_tables")


def test_the_table_cannot_be_changed_by_a_running_program() -> None:
    with pytest.raises(TypeError):
        POLICY["submit_bill"] = frozenset(Role)  # type: ignore[index]
