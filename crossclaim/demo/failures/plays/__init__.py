"""How each failure of the catalogue is played, by its name."""

from __future__ import annotations

from collections.abc import Callable

from crossclaim.demo.failures.plays import (
    after_care,
    ambulance,
    around,
    basic,
    consents,
    insurers,
    macao,
    papers,
    prices,
    records,
    stays,
    tenders,
    voucher,
)
from crossclaim.demo.failures.stage import Stage

Play = Callable[[Stage], None]

PLAYS: dict[str, Play] = {
    "voucher-answer-lost": voucher.answer_lost,
    "voucher-system-down": voucher.down,
    "voucher-balance-changed": voucher.balance_changed,
    "voucher-other-claim": voucher.other_claim,
    "record-other-patient": records.other_patient,
    "record-sharing-not-registered": records.sharing_not_registered,
    "record-answer-lost": records.answer_lost,
    "record-no-notice": records.no_notice,
    "insurer-answer-lost": insurers.answer_lost,
    "insurer-guarantee-refused": insurers.guarantee_refused,
    "insurer-line-denied": insurers.line_denied,
    "insurer-pended": insurers.pended,
    "insurer-untrue-total": insurers.untrue_total,
    "papers-receipt-missing": papers.receipt_missing,
    "payout-wrong-account": papers.wrong_account,
    "payout-wrong-name": papers.wrong_name,
    "payout-returned": papers.returned,
    "payout-executed-late": papers.executed_late,
    "international-above-filed-price": prices.above_filed_price,
    "international-bundle-billed-twice": prices.bundle_billed_twice,
    "international-no-filed-price": prices.no_filed_price,
    "connect-item-not-listed": prices.item_not_listed,
    "connect-item-without-approval": prices.item_without_approval,
    "connect-other-purpose": prices.other_purpose,
    "basic-answer-lost": basic.answer_lost,
    "basic-split-untrue": basic.split_untrue,
    "basic-balance-changed": basic.balance_changed,
    "basic-system-down": basic.down,
    "family-under-review": basic.under_review,
    "family-paper-unreadable": basic.paper_unreadable,
    "family-office-contradicts": basic.office_contradicts,
    "after-care-credit-withdrawn": after_care.credit_withdrawn,
    "after-care-card-declined": after_care.card_declined,
    "after-care-answer-lost": after_care.answer_lost,
    "after-care-other-amount": after_care.other_amount,
    "dual-first-pays-less": insurers.first_pays_less,
    "dual-first-lapsed": insurers.first_lapsed,
    "dual-first-undecided": insurers.first_undecided,
    "tender-answer-lost": tenders.answer_lost,
    "tender-card-declined": tenders.card_declined,
    "tender-refund-refused": tenders.refund_refused,
    "consent-withdrawn-before-bill": consents.withdrawn_before_bill,
    "consent-withdrawn-while-deciding": consents.withdrawn_while_deciding,
    "consent-text-out-of-use": consents.text_out_of_use,
    "stay-answer-lost": stays.answer_lost,
    "stay-open-elsewhere": stays.open_elsewhere,
    "stay-discharge-without-consent": stays.discharge_without_consent,
    "macao-contract-of-hong-kong": macao.contract_of_hong_kong,
    "macao-other-currency": macao.decided_in_another_currency,
    "macao-used-in-hkd": macao.used_counted_in_hong_kong_dollars,
    "appointment-not-registered": around.not_registered,
    "appointment-missed": around.appointment_missed,
    "filing-not-known": around.filing_not_known,
    "transfer-billed-before-hand-over": ambulance.billed_before_hand_over,
    "transfer-consent-missing": ambulance.consent_missing,
    "transfer-approval-expired": ambulance.approval_expired,
    "physiotherapy-not-covered": ambulance.physiotherapy_not_covered,
    "special-drug-not-covered": ambulance.drug_not_covered,
    "physiotherapy-twice-a-day": ambulance.two_sessions_a_day,
}

MOVE_THE_BANK_S_CLOCK = frozenset({"payout-returned", "payout-executed-late"})
"""Played after all others: the bank's time is that of every payout."""
