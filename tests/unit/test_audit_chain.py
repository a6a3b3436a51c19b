"""Whatever somebody does to a chained audit, its check names the first link that does not hold."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crossclaim.domain.audit_chain import (
    GENESIS,
    BreakKind,
    Broken,
    Link,
    Recorded,
    Root,
    broken_link,
    canonical,
    chained,
    contradicted,
)
from crossclaim.security.keys import EpochKeystore
from crossclaim.security.signing import Signer, is_signed

ROWS = 1_000


def recorded(number: int, outcome: str = "200") -> Recorded:
    return Recorded(
        source="audit",
        id=str(number),
        at_us=1_790_000_000_000_000 + number,
        organisation="hku-szh",
        key_id="cc_key",
        operation="read_episode",
        about=f"ep_{number}",
        outcome=outcome,
    )


class Book:
    """A thousand rows with their links, as a thief with every right finds them."""

    def __init__(self) -> None:
        self.rows = {row.name: row for row in map(recorded, range(1, ROWS + 1))}
        self.links = self.linked_anew()

    def linked_anew(self) -> list[Link]:
        digests = chained(GENESIS, self.rows.values())
        return [
            Link(position=at, source=row.source, row_id=row.id, digest=digest)
            for at, (row, digest) in enumerate(zip(self.rows.values(), digests, strict=True), 1)
        ]

    def first_break(self) -> Broken | None:
        return broken_link(GENESIS, self.links, self.rows, 1)

    def naive_break(self) -> Broken | None:
        """The twin: each row has a digest of its own, which nothing ties to the others."""
        alone = self.alone
        for link in self.links:
            row = self.rows.get(link.name)
            if row is not None and next(chained(GENESIS, [row])) != alone.get(link.name):
                return Broken(kind=BreakKind.CHANGED, position=link.position)
        return None

    @property
    def alone(self) -> dict[tuple[str, str], bytes]:
        return {name: next(chained(GENESIS, [row])) for name, row in self.rows.items()}

    def roots(self) -> list[Root]:
        return [
            Root(
                block=n,
                first=end - 99,
                last=end,
                root=self.links[end - 1].digest.hex(),
                sealed_at="2026-11-22T00:00:00+00:00",
                key="00",
            )
            for n, end in enumerate(range(100, ROWS + 1, 100), 1)
        ]


@pytest.fixture
def book() -> Book:
    return Book()


def test_a_chain_that_nobody_touched_holds(book: Book) -> None:
    assert book.first_break() is None
    computed = {root.last: root.root for root in book.roots()}
    assert contradicted(book.roots(), computed, ROWS) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_changed_row_is_named(book: Book, seed: int) -> None:
    number = random.Random(seed).randint(1, ROWS)
    book.rows["audit", str(number)] = recorded(number, "403")
    broken = book.first_break()
    assert broken is not None
    assert (broken.kind, broken.position, broken.row_id) == (
        BreakKind.CHANGED,
        number,
        str(number),
    )


def test_a_deleted_row_is_named_also_with_its_link(book: Book) -> None:
    del book.rows["audit", "512"]
    broken = book.first_break()
    assert broken is not None and (broken.kind, broken.position) == (BreakKind.DELETED, 512)
    del book.links[511]
    broken = book.first_break()
    assert broken is not None and (broken.kind, broken.position) == (BreakKind.DELETED, 512)


def test_two_rows_that_changed_places_are_named(book: Book) -> None:
    one, other = book.links[299], book.links[300]
    book.links[299] = one.model_copy(update={"row_id": other.row_id})
    book.links[300] = other.model_copy(update={"row_id": one.row_id})
    broken = book.first_break()
    assert broken is not None
    assert (broken.kind, broken.position) == (BreakKind.REORDERED, 300)
    book.links[299] = one.model_copy(update={"row_id": other.row_id, "digest": other.digest})
    broken = book.first_break()
    assert broken is not None and broken.position == 300


def test_a_tail_that_was_rewritten_whole_is_found_by_a_root_that_lies_outside(book: Book) -> None:
    laid = book.roots()
    book.rows["audit", "640"] = recorded(640, "403")
    book.links = book.linked_anew()
    assert book.first_break() is None, "in itself the new chain is right"
    computed = {root.last: root.root for root in book.roots()}
    broken = contradicted(laid, computed, ROWS)
    assert broken is not None
    assert (broken.kind, broken.block, broken.position) == (BreakKind.REWRITTEN, 7, 601)
    assert contradicted([], computed, ROWS) is None, "the naive twin without roots outside"


def test_a_tail_that_was_cut_off_is_found_by_a_root_that_lies_outside(book: Book) -> None:
    laid = book.roots()
    computed = {root.last: root.root for root in laid[:9]}
    broken = contradicted(laid, computed, 900)
    assert broken is not None and (broken.kind, broken.block) == (BreakKind.TRUNCATED, 10)


def test_the_naive_twin_of_single_digests_misses_a_deletion_and_an_exchange(book: Book) -> None:
    del book.rows["audit", "512"]
    del book.links[511]
    assert book.naive_break() is None
    assert book.first_break() is not None


def test_the_same_row_gives_the_same_bytes_and_holds_no_value() -> None:
    row = recorded(7).model_copy(update={"fields": ("patient.name",), "purpose": "treatment"})
    assert canonical(row) == canonical(Recorded.model_validate(row.model_dump()))
    assert b'"about":"ep_7"' in canonical(row)


def test_a_signature_is_its_signers_and_of_this_content_alone(tmp_path: Path) -> None:
    signer, other = Signer(EpochKeystore(tmp_path / "a")), Signer(EpochKeystore(tmp_path / "b"))
    signature = signer.sign(b"root")
    assert is_signed(signer.public_key, b"root", signature)
    assert not is_signed(signer.public_key, b"another root", signature)
    assert not is_signed(other.public_key, b"root", signature)
    assert not is_signed("no key", b"root", signature)
    assert Signer(EpochKeystore(tmp_path / "a")).public_key == signer.public_key
