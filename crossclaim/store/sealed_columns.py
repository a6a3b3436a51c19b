"""Every column whose bytes are sealed, by the field they are sealed under.

A test compares it with the schema: an export that left one out would not be all that we hold.
"""

from __future__ import annotations

SEALED_COLUMNS: dict[tuple[str, str], str] = {
    ("appeal", "decision_sealed"): "appeal",
    ("appeal", "reason_sealed"): "appeal",
    ("bill", "sealed"): "bill",
    ("claim", "payee_sealed"): "payee",
    ("claim_examination", "reason_sealed"): "examination",
    ("claim_examination", "sealed"): "examination",
    ("claim_revision", "sealed"): "appeal",
    ("claim_sample", "note_sealed"): "examination",
    ("claim_taking", "note_sealed"): "claim_taking",
    ("consent", "signer_sealed"): "signer",
    ("credit_account", "sealed"): "credit-account",
    ("credit_order", "sealed"): "credit-order",
    ("document_reading", "sealed"): "document_reading",
    ("episode", "sealed"): "episode",
    ("episode_cancellation", "sealed"): "repair",
    ("episode_hold", "sealed"): "repair",
    ("family_binding", "sealed"): "family_binding",
    ("family_code_link", "sealed"): "family_code_link",
    ("fhir_message", "sealed"): "fhir_message",
    ("funder_account", "sealed"): "funder_account",
    ("guarantee_request", "sealed"): "guarantee-documents",
    ("hand_over", "sealed"): "hand_over",
    ("hcx_message", "content_sealed"): "hcx_message",
    ("information_item", "note_sealed"): "information",
    ("kept_answer", "sealed"): "kept_answer",
    ("outbound_message", "sealed"): "outbound_message",
    ("payee_account", "account_sealed"): "payee",
    ("payment_order", "payer_code_sealed"): "payer_code",
    ("payout_intent", "payee_sealed"): "payee",
    ("record_request", "codes_sealed"): "record_codes",
    ("record_request", "emergency_sealed"): "record_emergency",
    ("settlement_quote", "sealed"): "settlement_quote",
    ("staff_note", "sealed"): "staff_note",
    ("step_skip", "sealed"): "repair",
    ("submission", "content"): "submission",
    ("subject_request", "sealed"): "subject_request",
    ("upload_slot", "name_sealed"): "upload_name",
    ("voucher_account", "sealed"): "voucher_account",
    ("voucher_spouse", "account_sealed"): "spouse_account",
    ("voucher_spouse", "sealed"): "spouse",
    ("work_action", "sealed"): "work_note",
    ("work_event", "sealed"): "work_note",
}
SYSTEM_COLUMNS = frozenset(
    {
        # Of staff: who they are, and their licences; never of a patient.
        ("person", "sealed"),
        ("person_licence", "sealed"),
        ("reference_document", "sealed"),
        ("saved_view", "sealed"),
        ("token_key", "sealed"),
        ("webhook_attempt", "answer_sealed"),
        ("webhook_endpoint", "previous_sealed"),
        ("webhook_endpoint", "secret_sealed"),
        ("work_person", "sealed"),
    }
)
"""Sealed under the system key: about nobody."""
DIGEST_COLUMNS = frozenset(
    {
        ("account_hold", "account_id"),
        ("audit_block", "root"),
        ("audit_link", "digest"),
        ("claim_mark", "mark"),
        ("cover", "id"),
        ("cover_use", "cover_id"),
        ("data_key", "wrapped"),
        ("document", "blind"),
        ("ebill_claimed", "id"),
        ("ehealth_consent", "person"),
        ("family_binding", "authoriser_index"),
        ("family_binding", "user_index"),
        ("family_code_link", "relative_index"),
        ("family_code_link", "shower_index"),
        ("identity_index", "value"),
        ("issued_paper", "chain"),
        ("name_token", "token"),
        ("personal_account", "id"),
        ("submission", "content_sha256"),
    }
)
"""Keyed digests and keys: they say nothing, and stand in no export."""
