"""What the rules may know of both voucher accounts for one bill, new or split anew."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen, SpouseVouchers
from crossclaim.domain.money import ConversionRate, Money, hk_cents
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import BillSubmission
from crossclaim.domain.voucher_rows import OWN, SPOUSE
from crossclaim.domain.voucher_standing import taken


class VoucherFacts(Frozen):
    balance: Money | None = None
    """HKD; None when there is no account."""
    rate: ConversionRate | None = None
    own_dollars: int | None = None
    spouse: SpouseVouchers | None = None


def voucher_facts(rows: EpisodeRows, bill: BillSubmission, bill_id: str = "") -> VoucherFacts:
    """``bill_id``: of a bill that is split anew; what was claimed for it counts as not used, and
    what the patient asked of the own account gives way to what is left there."""
    voucher = rows.voucher
    if voucher is None or voucher.rate is None:
        return VoucherFacts(spouse=_spouse(rows, bill, bill_id))
    balance = voucher.balance_minor + _claimed(rows, bill_id, OWN)
    asked = bill.own_voucher_dollars
    if asked is not None and bill_id:
        asked = min(asked, balance // 100)
    return VoucherFacts(
        balance=hk_cents(balance),
        rate=voucher.rate,
        own_dollars=asked,
        spouse=_spouse(rows, bill, bill_id),
    )


def _claimed(rows: EpisodeRows, bill_id: str, kind: str) -> int:
    claim = taken(rows, bill_id, kind) if bill_id else None
    return 0 if claim is None else claim.forecast_minor or 0


def _spouse(rows: EpisodeRows, bill: BillSubmission, bill_id: str) -> SpouseVouchers | None:
    """None also for a bill split anew whose pairing has ended since: then it is split without."""
    spouse, asked = rows.spouse, bill.spouse
    if spouse is None or asked is None:
        return None
    if bill_id and spouse.ended_on is not None:
        return None
    balance = (spouse.balance_minor or 0) + _claimed(rows, bill_id, SPOUSE)
    return SpouseVouchers(
        balance=hk_cents(balance),
        paired_on=spouse.paired_on,
        ended_on=spouse.ended_on,
        deceased_on=spouse.deceased_on,
        papers=list(asked.papers),
    )
