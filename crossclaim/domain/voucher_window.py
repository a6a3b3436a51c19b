"""Where a bill with vouchers is paid: at a window of the dedicated channel, for that visit."""

from __future__ import annotations

from crossclaim.domain.allocation import BillFacts, Fault
from crossclaim.domain.reference import Hospital
from crossclaim.domain.sentences import Reason
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import fault


def window_faults(facts: BillFacts, hospital: Hospital | None) -> list[Fault]:
    """Empty without vouchers, and for a bill that names no window."""
    window = facts.bill.window
    vouchers = any(c.funder is FunderKind.VOUCHER for _, c in facts.claimed)
    if window is None or not vouchers or hospital is None:
        return []
    known = hospital.voucher_window(window)
    if known is None:
        return [fault(Reason.VOUCHER_CHANNEL_NOT_DEDICATED, "/window")]
    if facts.episode.visit.encounter_class not in known.encounter_classes:
        return [step_fault("VOUCHER_WINDOW_OTHER_VISIT", "/window", window=window)]
    return []
