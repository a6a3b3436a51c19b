"""Takes statements in and matches their entries with ours; no money moves by matching."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from temporalio import activity

from activities.bank_books import BankBooks
from activities.orders import MatchingOrder, ReconciliationOrder
from activities.payout_intent import account_sha256
from activities.world import World
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.bank_statement import Piece
from crossclaim.domain.matching import Expected, Known, Matching, Stated, match_entries
from crossclaim.domain.matching_tally import Tally
from crossclaim.domain.reference import Reference
from crossclaim.domain.statement_chain import StatementFault
from crossclaim.domain.statement_intake import AccountOwners, Stored


def owners_of(reference: Reference) -> AccountOwners:
    return AccountOwners(
        at_bank={
            (i.account.bank, account_sha256(i.account.number)): i.id for i in reference.insurers
        },
        anywhere={account_sha256(h.account.number): h.id for h in reference.hospitals},
    )


class StatementMatching:
    """A statement in, its entries matched, its days closed."""

    def __init__(self, books: BankBooks, reference: Reference) -> None:
        self._books = books
        self._owners = owners_of(reference)

    def take(self, sha256: str, bank: str, pieces: Iterable[Piece], at: datetime) -> Stored:
        """Raises ``Final`` with nothing kept; else every account of the file is matched too."""
        stored = self._books.store_statement(sha256, bank, pieces, self._owners, at)
        for account, source in stored.accounts:
            organisation = self._owners.of(bank, account)
            assert organisation is not None, "only accounts with an owner are taken"
            key = AccountKey(bank=bank, account=account, organisation=organisation)
            self.match(key, source, at)
        return stored

    def match(self, key: AccountKey, source: str, at: datetime) -> Tally:
        return self._books.match_account(key, source, _engine, at)

    def match_unseen(self, bank: str, at: datetime) -> None:
        """What a crash left between taking a file and matching it."""
        for key, source in self._books.unseen(bank):
            self.match(key, source, at)

    def match_all(self, bank: str, at: datetime) -> list[Tally]:
        """Every account: what was due meanwhile is missing, what came meanwhile is found."""
        return [self.match(key, "statement", at) for key in self._books.bank_accounts(bank)]

    def note_refused(
        self, bank: str, sha256: str, name: str, code: str, detail: str, at: datetime
    ) -> None:
        known = code in StatementFault._value2member_map_
        fault = StatementFault(code) if known else StatementFault.UNREADABLE
        self._books.note_fault(bank, fault, sha256, name, detail, at)

    def note_repeated(self, bank: str, sha256: str, name: str, at: datetime) -> None:
        self._books.note_fault(bank, StatementFault.REPEATED, sha256, name, "", at)

    def first_name(self, sha256: str) -> str:
        return self._books.file_name(sha256)


def _engine(
    expected: list[Expected], stated: list[Stated], known: Known, until: datetime | None
) -> Matching:
    return match_entries(expected, stated, known, until)


class BankMatchingSteps:
    """The daily look at every account."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="match_bank_accounts")
    def match_bank_accounts(self, order: MatchingOrder) -> int:
        """How many accounts were looked at."""
        work = matching_of(self._world)
        return 0 if work is None else len(work.match_all(order.bank, order.at))

    @activity.defn(name="apply_reconciliation_order")
    def apply_reconciliation_order(self, order: ReconciliationOrder) -> int:
        """The HTTP status of what a person's order came to; what it says stands in its row."""
        assert self._world.match_orders is not None, "a worker has the orders"
        outcome = self._world.match_orders.apply_order(order.order_id, order.at)
        return int(outcome["status"])


def apply_left_over(world: World, at: datetime) -> None:
    """Orders that were kept while the engine was down."""
    if world.match_orders is not None:
        for order_id in world.match_orders.open_orders():
            world.match_orders.apply_order(order_id, at)


def matching_of(world: World) -> StatementMatching | None:
    """None where statements are not kept entry by entry: a world without books."""
    if world.bank_books is None:
        return None
    return StatementMatching(world.bank_books, world.reference)


def now() -> datetime:
    """Files come from outside at the time of the wall; no workflow orders their taking."""
    return datetime.now(UTC)
