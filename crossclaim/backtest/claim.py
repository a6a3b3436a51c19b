"""One claim of a back-test: the facts of a bill, and those that only some funders look at."""

from __future__ import annotations

from crossclaim.domain.allocate import LINKS
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.basic_facts import BasicFacts
from crossclaim.domain.chain import Link
from crossclaim.domain.cover import Cover
from crossclaim.domain.covers_link import covers_link
from crossclaim.domain.family_account import AccountFacts
from crossclaim.domain.mainland_links import account_link, basic_link, pay_later_link
from crossclaim.domain.pay_later import PayLaterFacts
from crossclaim.domain.submission import FunderKind


class Claim(BillFacts):
    """A funder whose facts are absent takes no part; a coverage of its is then a person's."""

    covers: list[Cover] = []
    """Of several insurers, or of one that counts visits and years; none: the bill's facts do."""
    basic: BasicFacts | None = None
    account: AccountFacts | None = None
    pay_later: PayLaterFacts | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """The chain of funders that judges this claim."""
        links = list(LINKS)
        if self.covers:
            links = [link for link in links if link.funder is not FunderKind.INSURER]
            links.append(covers_link(self.covers))
        if self.basic is not None:
            links.append(basic_link(self.basic))
        if self.account is not None:
            links.append(account_link(self.account))
        if self.pay_later is not None:
            links.append(pay_later_link(self.pay_later))
        return tuple(links)
