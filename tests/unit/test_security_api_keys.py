"""API keys are shown once and kept as digests; one table says what each role may do."""

from __future__ import annotations

import pytest

from crossclaim.domain.errors import NotAllowed, NotAuthenticated
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.api_keys import ApiKeyRecord, new_key, prefix_of, verify
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


def test_every_changed_character_of_a_key_is_refused() -> None:
    plaintext, record = new_key("demo")
    for place, character in enumerate(plaintext):
        changed = plaintext[:place] + ("0" if character != "0" else "1") + plaintext[place + 1 :]
        assert not verify(changed, record)


def test_no_key_opens_the_record_that_stands_for_nobody() -> None:
    assert not verify("cc_demo_000000000000_" + "0" * 64, None)
    assert not verify("", ApiKeyRecord(prefix="0" * 12, sha256="0" * 64))


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
    Role.HOSPITAL_BILLING: "submit_episode record_admission submit_bill record_discharge "
    "record_tender void_bill record_consent request_reimbursement upload_document read_episode "
    "list_episodes read_story apply_family_binding unbind_family_binding read_family_binding "
    "list_family_bindings link_family_code end_family_code read_family_code "
    "propose_payee_account record_appointment name_spouse "
    "record_identity_check read_use_record record_hand_over read_hand_over "
    "request_records read_record read_record_accesses deposit_records read_accesses "
    "confirm_pay_later sign_up_credit bind_credit_card confirm_credit_card apply_for_credit "
    "choose_instalments repay_credit close_credit_account read_credit_account "
    "confirm_refund read_bank match_bank answer_information read_information_requests "
    "make_upload_link appeal_claim read_letter ask_guarantee withdraw_guarantee read_exposures "
    "read_settlement read_bill preview_cancellation cancel_bill_settlement reopen_bill "
    "add_coverage read_submission read_webhooks manage_webhooks check_fhir",
    Role.HOSPITAL_PROVIDER: "read_bill read_episode list_episodes read_story confirm_voucher "
    "read_use_record read_submission check_fhir",
    Role.INSURER_SYSTEM: "request_reimbursement upload_document read_episode list_episodes "
    "read_story record_decision submit_claim propose_payee_account decide_payee_account "
    "read_bank match_bank submit_remittance decide_claim_lines confirm_claim_decision "
    "read_settlement approve_payout recall_payout propose_payout_finding decide_payout_finding "
    "read_claim_review review_claim_sample read_claim_samples request_information "
    "change_information_request answer_information read_information_requests "
    "read_information_document make_upload_link appeal_claim change_decision read_letter "
    "decide_guarantee withdraw_guarantee read_exposures read_bill confirm_claw_back "
    "read_submission read_webhooks manage_webhooks check_fhir",
    Role.INSURER_EXAMINER: "request_reimbursement upload_document read_episode list_episodes "
    "read_story record_decision submit_claim propose_payee_account decide_payee_account "
    "read_bank match_bank submit_remittance decide_claim_lines confirm_claim_decision "
    "read_settlement approve_payout recall_payout propose_payout_finding decide_payout_finding "
    "read_claim_review review_claim_sample read_claim_samples request_information "
    "change_information_request answer_information read_information_requests "
    "read_information_document make_upload_link appeal_claim decide_appeal "
    "change_decision read_letter decide_guarantee withdraw_guarantee read_exposures read_bill "
    "confirm_claw_back read_submission read_webhooks manage_webhooks check_fhir",
    Role.SUPPORT: "read_episode list_episodes read_story read_record_accesses read_family_binding "
    "list_family_bindings read_family_code read_credit_account read_bank read_bill "
    "preview_cancellation read_accesses ask_subject_request confirm_subject_request "
    "read_subject_request fetch_subject_export decode_payloads write_staff_note try_again_now "
    "check_fhir",
    Role.OPERATOR: "list_episodes read_story decode_payloads check_fhir",
    Role.AUDITOR: "read_episode list_episodes read_story read_record_accesses read_family_binding "
    "list_family_bindings read_family_code read_credit_account read_bank read_bill "
    "preview_cancellation read_accesses read_subject_request check_fhir",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", Operation)
def test_each_role_may_exactly_what_is_written_here(role: Role, operation: Operation) -> None:
    principal = Principal(organisation="hospital-a", role=role, key_id="abc")
    allowed = operation in EXPECTED[role].split()
    assert may(principal, operation) is allowed
    assert may(principal, str(operation)) is allowed
    if not allowed:
        with pytest.raises(NotAllowed, match=role):
            require(principal, operation)


def test_an_operation_nobody_wrote_down_is_nobodys() -> None:
    for role in Role:
        assert not may(Principal(organisation="o", role=role, key_id="k"), "drop_tables")


def test_the_table_cannot_be_changed_by_a_running_program() -> None:
    with pytest.raises(TypeError):
        POLICY["submit_bill"] = frozenset(Role)  # type: ignore[index]
