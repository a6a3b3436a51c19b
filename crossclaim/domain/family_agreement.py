"""Our own binding beside what the bureau says of a relative's account. Pure.

Both must name the same authoriser, the same relation and the same day before the account may pay.
Whether it holds is our binding's word; balance, insurance and area are the bureau's, newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bureau import BasicPerson, FamilyAccount
from crossclaim.domain.family_account import AccountHolder, AccountUser, FamilySharing
from crossclaim.domain.family_sight import SharingInForce
from crossclaim.domain.identity import normalised
from crossclaim.domain.money import fen


class SharedAccount(Frozen):
    """One relative's account; at least one of the two knows of it."""

    binding: SharingInForce | None = None
    """Ours, in force on the day."""
    account: FamilyAccount | None = None
    """The bureau's, in force on the day or not."""
    differs: bool = False
    """One of the two lets the account pay on this day and the other does not."""

    @property
    def number(self) -> str:
        """Whose account the bureau is asked to spend; nobody's unless both agree."""
        agreed = self.binding is not None and self.account is not None and not self.differs
        return self.account.number if agreed and self.account is not None else ""


def shared_account(
    ours: Sequence[SharingInForce], person: BasicPerson, on: date
) -> SharedAccount | None:
    """The account that a bill of this day may spend: of those that both know, the oldest binding
    whose account has something left. None: nobody knows of any."""
    there = person.families or ([person.family] if person.family is not None else [])
    agreed = [
        SharedAccount(binding=binding, account=account)
        for binding in ours
        for account in there
        if _same(binding, account) and in_force(account, on)
    ]
    if agreed:
        return next((one for one in agreed if _left(one)), agreed[0])
    known = next((account for account in there if in_force(account, on)), None)
    if ours:
        of_ours = (a for a in there if _authoriser(ours[0]) == normalised(a.document))
        return SharedAccount(binding=ours[0], account=next(of_ours, known), differs=True)
    if known is not None:
        return SharedAccount(account=known, differs=True)
    return SharedAccount(account=there[0]) if there else None


def in_force(account: FamilyAccount, on: date) -> bool:
    """Whether the bureau would let the account pay on this day."""
    begun = account.approved_on is not None and account.approved_on <= on
    return begun and (account.ended_on is None or on < account.ended_on)


def sharing_of(shared: SharedAccount, person: BasicPerson) -> FamilySharing | None:
    """What the rules judge; without a binding of ours nothing was ever approved. None: the bureau
    knows of no such account, so that nothing of it can be judged."""
    account, binding = shared.account, shared.binding
    if account is None:
        return None
    ours = binding.sharing if binding is not None else None
    return FamilySharing(
        authoriser=AccountHolder(
            insurance=account.insurance, area=account.area, balance=account.balance
        ),
        user=AccountUser(insured=True, area=person.area),
        relation=ours.relation if ours is not None else account.relation,
        approved_on=ours.approved_on if ours is not None else None,
        ended_on=ours.ended_on if ours is not None else None,
    )


def _same(binding: SharingInForce, account: FamilyAccount) -> bool:
    same = account.relation is binding.sharing.relation
    return same and _authoriser(binding) == normalised(account.document)


def _authoriser(binding: SharingInForce) -> str:
    return normalised(binding.authoriser.number)


def _left(shared: SharedAccount) -> bool:
    return shared.account is not None and shared.account.balance > fen(0)
