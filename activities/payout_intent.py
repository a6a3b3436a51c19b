"""The intent of a payout: who pays, who is paid, how much and under which reference, for ever."""

from __future__ import annotations

import hashlib
from datetime import datetime

from activities.account_checks import account_asked, check_wanted, is_known, not_asked
from activities.paper_payout import rmb_of_papers
from activities.payout_rails import choose_rail, keep_rail
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.account_check import AccountCheck
from crossclaim.domain.bill_chain import REPLACED, left_to_pay, owed_fen, standing_payouts
from crossclaim.domain.ledger import drift_entry, payout_entry
from crossclaim.domain.party import DebtorAccount
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow
from crossclaim.domain.redecision import share_of
from crossclaim.domain.submission import BankAccount

TO_APPROVE = "PAYOUT_TO_APPROVE"


def account_sha256(number: str) -> str:
    """How an account number is compared with what a bank names, without being kept in the open."""
    return hashlib.sha256(number.strip().encode()).hexdigest()


def debtor_of(world: World, organisation: str) -> DebtorAccount:
    insurer = world.reference.insurer(organisation)
    assert insurer is not None, "a payout is ordered from a known insurer's account"
    return DebtorAccount(
        organisation=organisation,
        holder=insurer.account.holder,
        number=insurer.account.number,
        bank=insurer.account.bank,
        agent_code=insurer.account.agent_code,
    )


def creditor_of(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, claim: ClaimRow
) -> BankAccount:
    if claim.kind == "reimbursement":
        return tx.claim_payee(claim.id, rows.episode.id)
    hospital = world.reference.hospital(rows.episode.hospital_id)
    assert hospital is not None, "an episode's hospital is known"
    return hospital.account


def first_intent(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, claim: ClaimRow, at: datetime
) -> None:
    """The claim's amount less what the versions before it had paid, at the rate of this day where
    its plan pays by it."""
    amount = _amount(tx, world, rows, claim, at)
    creditor = creditor_of(tx, world, rows, claim)
    held = _held(tx, world, rows, claim, creditor, amount, at)
    reserve(tx, world, rows, claim, creditor, amount, at, held=held)


def _held(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    creditor: BankAccount,
    amount: int,
    at: datetime,
) -> str:
    """Why a second key releases it before anything is sent; empty: none has to.

    Corrections and later decisions add up: the limit is of all that one insurer pays of one bill.
    Hospitals' accounts stand in the reference data; a person's is what somebody wrote.
    """
    above = world.payout_approval_above_fen
    if above is not None and amount + _beside(rows, claim) > above:
        return "amount"
    person = claim.kind == "reimbursement"
    if not (world.payout_check_first_account and person):
        return ""
    bank, account = debtor_of(world, claim.organisation_id or "").bank, creditor.number
    asked = account_asked(world, bank, rows, "patient", account_sha256(account), at)
    return "" if tx.paid_before(asked) else "first_account"


def _beside(rows: EpisodeRows, claim: ClaimRow) -> int:
    """Fen that the same insurer pays the same payee of the bill, or of a version before it."""
    same = (claim.organisation_id, claim.kind)
    paid = standing_payouts(rows, rows.bill(claim.bill_id))
    own = (p for c, p in paid if (c.organisation_id, c.kind) == same and p.state != "cancelled")
    return sum(p.amount_minor for p in own)


def next_intent(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    closed: PayoutRow,
    creditor: BankAccount,
    at: datetime,
    by: str = "",
) -> str:
    """The same amount, or what a later decision has left of it, to another account, under a
    reference that names the closed one.

    Two keys have said so, or it goes to the same account again: no third word is asked for. Who
    led to a payout that its second key did not release cannot send it so: it waits again.
    """
    claim, amount = rows.claim(closed.claim_id), closed.amount_minor
    if closed.state == "cancelled" or claim.state != REPLACED:
        # Another version's payout, or a later decision, may have taken a part of it meanwhile.
        amount = min(amount, owed_fen(rows, claim))
    else:
        amount -= closed.less_minor
    waited = tx.approval(closed.reference)
    unreleased = waited is not None and waited.approved is not True
    held = "amount" if unreleased and waited is not None and by in ("", waited.made_by) else ""
    return reserve(tx, world, rows, claim, creditor, amount, at, replaces=closed, held=held)


def reserve(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    creditor: BankAccount,
    amount: int,
    at: datetime,
    replaces: PayoutRow | None = None,
    held: str = "",
) -> str:
    """Writes the intent with its rail and its entry; the reference. ``held``: why a
    second key releases it before anything is sent."""
    episode_id, debtor = rows.episode.id, debtor_of(world, claim.organisation_id or "")
    sequence = 1 if replaces is None else replaces.sequence + 1
    reference = _free_reference(rows, claim, sequence)
    direct = claim.kind == "direct"
    chosen = choose_rail(tx, world, rows, claim, amount, at)
    account = account_sha256(creditor.number)
    payee = "hospital" if direct else "patient"
    asked = account_asked(world, debtor.bank, rows, payee, account, at)
    checked = check_wanted(tx, world, rows, asked, replaces)
    tx.add_intent(
        episode_id,
        claim.id,
        reference,
        creditor,
        sequence=sequence,
        replaces=None if replaces is None else replaces.reference,
        payee=payee,
        payee_organisation_id=rows.episode.hospital_id if direct else None,
        payee_account_sha256=account,
        account_check=AccountCheck.DUE if checked else None,
        debtor_organisation_id=debtor.organisation,
        debtor_account_sha256=account_sha256(debtor.number),
        bank=debtor.bank,
        amount_minor=amount,
        reserved_at=at,
        state="to_be_approved" if held else "reserved",
    )
    if chosen is not None:
        habits = world.bank_habits.get(debtor.bank)
        told = habits is not None and habits.told_rails
        unasked = [] if checked or is_known(tx, asked) else not_asked(world, debtor.bank, at)
        keep_rail(tx, rows, reference, chosen, at, told=told, beside=unasked)
    if held:
        maker = tx.maker_of(episode_id, debtor.organisation)
        tx.add_approval(episode_id, reference, maker, held, at)
        tx.open_exception(episode_id, TO_APPROVE, reference, {"reason": held}, at)
    entry = payout_entry(f"payout:{reference}", debtor.organisation, debtor.bank, amount)
    tx.post(episode_id, entry, at)
    return reference


def _free_reference(rows: EpisodeRows, claim: ClaimRow, sequence: int) -> str:
    """The claims of a bill are numbered by ``-2`` as well: what would be, or may come to be,
    another claim's reference is never this one's."""
    first = f"PO{claim.id.partition('_')[2]}"
    taken = {p.reference for p in rows.payouts}
    if sequence > 1:
        taken |= {f"PO{other.id.partition('_')[2]}" for other in rows.claims}
        taken |= {f"{first}-{n}" for n in range(2, 1 + len(rows.insurers()))}
    plain = first if sequence == 1 else f"{first}-{sequence}"
    return plain if plain not in taken else f"{first}-N{sequence}"


def _amount(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, claim: ClaimRow, at: datetime
) -> int:
    """Fen. What the benefit became worth more or less since then is a posting of its own."""
    paid = rmb_of_papers(world, rows, claim, at)
    if paid is None:
        return left_to_pay(rows, claim)
    whole, insurer = paid.amount.amount_minor, claim.organisation_id or ""
    kept, drift = whole, paid.drift.amount_minor
    if claim.lowered_fen:
        # What a later decision took off was never worth anything at this day's rate.
        kept = share_of(whole, claim.to_pay, claim.pay_fen or 0)
        drift = kept - claim.to_pay
    if drift:
        key = f"drift:{claim.reference}"
        tx.post(rows.episode.id, drift_entry(key, insurer, drift), at)
    tx.change_claim(claim.id, pay_fen=kept + claim.lowered_fen)
    return kept
