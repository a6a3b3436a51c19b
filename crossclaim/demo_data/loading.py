"""Loads blocks of invented episodes, each in one transaction, with as many processes as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import psycopg
from psycopg.types.json import Jsonb

from crossclaim.config import Settings
from crossclaim.demo_data import statements
from crossclaim.demo_data.bills import BILLS, DecidedBill, decided_bills
from crossclaim.demo_data.courses import course
from crossclaim.demo_data.staging import COLUMNS, Stager, visit_number
from crossclaim.demo_data.templates import BANK, Template, postings, template_of
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.reference import Reference
from crossclaim.plans.loader import load_plans
from crossclaim.wiring import House, worker_house

BLOCK = 10_000
SEED = 7
_TABLES = [
    "data_key",
    "episode",
    "episode_party",
    "coverage",
    "consent",
    "identity_index",
    "name_token",
    "bill",
    "charge_line",
    "allocation",
    "allocation_share",
    "guarantee",
    "claim",
    "information_request",
    "payout_intent",
    "entry",
    "posting",
    "exception_item",
    "episode_listing",
    "exception_listing",
    "console_total",
    "console_part",
    "history_archive",
]


class NotADemonstration(CrossclaimError):
    status, code = 409, "NOT_A_DEMONSTRATION"


@dataclass(frozen=True)
class Load:
    """``episodes`` are numbered from 0; those that are there already stay as they are."""

    episodes: int
    now: datetime
    processes: int = 2
    block: int = BLOCK
    bills: int = BILLS
    """Invented claims that the pool of bills is made of."""


def load(settings: Settings, plan: Load, progress: Callable[[int], None]) -> None:
    """Brings the installation to ``plan.episodes`` invented episodes; tells each block's number.

    Raises ``NotADemonstration`` where the reference data are not the example's.
    """
    house = worker_house(settings)
    house.database.close()
    refuse_other_than_example(house.reference)
    with _temporary_tables(settings):
        _load(settings, plan, progress)


def refuse_other_than_example(reference: Reference) -> None:
    """Raises ``NotADemonstration``: invented patients never stand beside real ones."""
    if not reference.example:
        raise NotADemonstration(
            "The reference data of this installation are its own, so invented episodes are not"
            " mixed in; load them into a demonstration (crossclaim demo --once)."
        )


@contextmanager
def _temporary_tables(settings: Settings) -> Iterator[None]:
    """The steps' role has no right to any table of its own, but for as long as this goes on."""
    owner, role = settings.database_owner_url.get_secret_value(), statements.ROLE
    with psycopg.connect(owner, autocommit=True) as wire:
        wire.execute(statements.GRANT.format(database=wire.info.dbname, role=role))
        try:
            yield
        finally:
            wire.execute(statements.REVOKE.format(database=wire.info.dbname, role=role))


def _load(settings: Settings, plan: Load, progress: Callable[[int], None]) -> None:
    firsts = range(0, plan.episodes, plan.block)
    sizes = {first: min(plan.block, plan.episodes - first) for first in firsts}
    given = (settings, plan.now, plan.bills)
    if plan.processes == 1:
        _begin(*given)
        for first in firsts:
            progress(_block(first, sizes[first]))
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(plan.processes, context, _begin, given) as pool:
        for done in as_completed([pool.submit(_block, first, sizes[first]) for first in firsts]):
            progress(done.result())


def analyse(settings: Settings) -> None:
    """Adds up what is left, and tells the planner what is there now; else the first pages are
    planned for an empty house."""
    with psycopg.connect(settings.database_worker_url.get_secret_value(), autocommit=True) as wire:
        # What one process left while another was at it.
        while wire.execute(statements.KEEP, {"block": BLOCK}).fetchone() != (0,):
            pass
    with psycopg.connect(settings.database_owner_url.get_secret_value(), autocommit=True) as wire:
        for table in _TABLES:
            wire.execute(f"analyze {table}")


class _Loader:
    """What one process keeps: its connection with the pool's rows, and the templates."""

    def __init__(self, settings: Settings, now: datetime, bills: int) -> None:
        house: House = worker_house(settings)
        house.database.close()
        plans, last_day = load_plans(demonstration=True), (now - timedelta(days=1)).date()
        self._pool = list(decided_bills(plans, house.reference, last_day, bills))
        self._templates = [template_of(bill) for bill in self._pool]
        self._stager = Stager(house.keyring, house.reference, self._pool, self._templates)
        self._now = now
        self._wire = psycopg.connect(settings.database_worker_url.get_secret_value())
        self._wire.execute(statements.STAGE)
        self._fill(house.reference)
        self._wire.commit()

    def block(self, first: int, count: int) -> int:
        """Loads what is missing of the block; how many episodes it has."""
        with self._wire.transaction():
            bounds = {"first": visit_number(first), "last": visit_number(first + count - 1)}
            there = {visit for (visit,) in self._wire.execute(statements.DONE, bounds)}
            if len(there) == count:
                return count
            numbers = range(first, first + count)
            missing = (number for number in numbers if visit_number(number) not in there)
            courses = (course(number, SEED, self._pool, self._now) for number in missing)
            self._wire.execute(statements.LIST_LATER)
            self._copy("staged", (self._stager.row(one) for one in courses))
            self._wire.execute("analyze staged")
            for insert in statements.INSERTS:
                self._wire.execute(insert, {"bank": BANK})
            self._wire.execute(statements.LIST)
            self._wire.execute(statements.DUE)
        with self._wire.transaction():
            self._wire.execute(statements.KEEP, {"block": count})
        return count

    def _fill(self, reference: Reference) -> None:
        decides = {insurer.id: insurer.decides for insurer in reference.insurers}
        rows = _pooled(self._pool, self._templates, decides)
        for table in statements.POOLED:
            self._copy(table, rows[table])
            self._wire.execute(f"analyze {table}")
        accounts = {p.account.id: p.account for *_, p in postings(self._templates)}
        for account in sorted(accounts.values(), key=lambda one: one.id):
            self._wire.execute(
                statements.ACCOUNT,
                {
                    "id": account.id,
                    "kind": account.kind,
                    "organisation": account.organisation_id,
                    "currency": account.currency.value,
                },
            )

    def _copy(
        self, table: str, rows: Iterator[tuple[object, ...]] | Sequence[tuple[object, ...]]
    ) -> None:
        columns = f" ({', '.join(COLUMNS)})" if table == "staged" else ""
        with self._wire.cursor().copy(f"copy {table}{columns} from stdin") as copying:
            for row in rows:
                copying.write_row(row)


_loader: _Loader | None = None


def _begin(settings: Settings, now: datetime, bills: int) -> None:
    global _loader
    _loader = _Loader(settings, now, bills)


def _block(first: int, count: int) -> int:
    assert _loader is not None, "the process has begun"
    return _loader.block(first, count)


def _pooled(
    pool: Sequence[DecidedBill], templates: Sequence[Template], decides: Mapping[str, str]
) -> dict[str, list[tuple[object, ...]]]:
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in statements.POOLED}
    for place, (bill, template) in enumerate(zip(pool, templates, strict=True)):
        visit, claim, result = bill.claim.episode.visit, bill.claim, bill.result
        limit = claim.guarantee_limit
        rows["pool"].append(
            (
                place,
                claim.episode.hospital,
                visit.encounter_class.value,
                visit.department,
                visit.channel,
                result.total.amount_minor,
                Jsonb(result.model_dump(mode="json")),
                template.claim_kind,
                template.insurer,
                template.insurer_fen,
                template.benefit.amount_minor,
                template.benefit.currency.value,
                limit.amount_minor if limit else None,
            )
        )
        for ordinal, covered in enumerate(claim.episode.coverages):
            of = covered.organisation
            rows["pool_coverage"].append(
                (place, ordinal, covered.funder.value, of, covered.plan, decides.get(of or ""))
            )
        rows["pool_consent"] += [(place, *consent) for consent in _consents(bill)]
        rows["pool_line"] += [
            (
                place,
                line.number,
                line.category.value,
                line.code,
                line.service_date,
                line.quantity,
                line.amount.amount_minor,
            )
            for line in claim.bill.lines
        ]
        rows["pool_share"] += [
            (place, s.line, s.funder.value, s.organisation, s.amount.amount_minor, s.reasons)
            for s in result.shares
            if s.amount.amount_minor
        ]
    rows["pool_posting"] += [
        (place, stage, kind, ordinal, p.account.id, p.amount_minor, p.account.currency.value)
        for place, stage, kind, ordinal, p in postings(list(templates))
    ]
    return rows


def _consents(bill: DecidedBill) -> list[tuple[str, str]]:
    """Type and recipient: what an episode of this kind cannot go on without."""
    if bill.insurer is not None:
        to = bill.insurer
        given = ("PI_PROVIDE", "PI_CROSS_BORDER", "CLAIM_AUTH")
        return [("PI_SENSITIVE", ""), *((kind, to) for kind in given)]
    return [("EHEALTH_JOIN", ""), ("VOUCHER_USE", "")] if bill.claim.consents else []


def now() -> datetime:
    return datetime.now(UTC)
