"""What a bill takes of personal accounts: held until the bureau has settled it, so that nobody else
is promised the same; and of a relative's account the use, which the family may read."""

from __future__ import annotations

from datetime import datetime

from activities.records import EpisodeTransaction
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.bureau_facts import Purse
from crossclaim.domain.bureau_quote import Quote
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.submission import FunderKind

PUT_RIGHT_BY_USE = ["FAMILY_BINDING_DIFFERS", "FAMILY_BINDING_ENDED"]


def purses_of(quote: Quote) -> dict[Purse, str]:
    """The accounts that would pay something of a bill, by the bureau's number of their holders."""
    if quote.split is None:
        return {}
    found = {}
    if quote.split.account.amount_minor:
        found[Purse.OWN] = quote.order.person_number
    if quote.split.family.amount_minor and quote.order.family_number:
        found[Purse.FAMILY] = quote.order.family_number
    return found


def take_accounts(
    tx: EpisodeTransaction,
    episode_id: str,
    bill_id: str,
    version: int,
    result: AllocationResult,
    at: datetime,
) -> None:
    """In the transaction of the split, which has asked under the same locks what is left."""
    if not result.of(FunderKind.PERSONAL_ACCOUNT).amount_minor:
        return
    quote = tx.quote(episode_id, bill_id)
    if quote is None or quote.split is None or not quote.order.account_used:
        return
    amounts = {Purse.OWN: quote.split.account, Purse.FAMILY: quote.split.family}
    for purse, number in purses_of(quote).items():
        tx.hold_account(number, episode_id, bill_id, amounts[purse].amount_minor, at)
    if quote.binding and quote.split.family.amount_minor:
        family = quote.split.family.amount_minor
        tx.add_family_use(quote.binding, episode_id, bill_id, version, family, at)
        tx.resolve_exceptions(episode_id, PUT_RIGHT_BY_USE, at)


def give_back_accounts(tx: EpisodeTransaction, bill_id: str, at: datetime) -> None:
    """The bill takes nothing any more, or is split anew."""
    tx.reverse_family_use(bill_id, at)
    tx.release_accounts(bill_id, at)


def binding_ended(tx: EpisodeTransaction, episode_id: str, quote: Quote) -> bool:
    """The family binding by which the bill was split does not hold on its day any more."""
    if not quote.binding or quote.on is None or quote.split is None:
        return False
    if not quote.split.family.amount_minor:
        return False
    bindings = tx.family_sharings(episode_id, quote.on)
    return all(binding.binding_id != quote.binding for binding in bindings)


def stop_settlement(
    tx: EpisodeTransaction, episode_id: str, claim: ClaimRow, code: str, at: datetime
) -> None:
    """Nothing is sent; an earlier send may have been taken: it is looked for and given back."""
    tx.change_claim(claim.id, state="voiding" if claim.state == "submitted" else "failed")
    tx.open_exception(episode_id, code, claim.reference, {}, at)
    tx.change_episode(episode_id)
