"""Copies of banks' files hold nothing of the erased, are found again, and none waits for another,
whatever comes between."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from crossclaim.domain.errors import NotFound
from crossclaim.gateways.bank import copies
from crossclaim.gateways.bank.folders import disk
from crossclaim.gateways.bank.sealed_copies import SealedBankCopies
from crossclaim.security.keyring import Keyring
from crossclaim.store.bank_copies import SqlBankCopies
from crossclaim.store.keys import SqlDataKeys
from tests.steps.test_bank_copies import (
    OTHER,
    PAID,
    STRANGER,
    Bank,
    bank,
    together,
    told,
)

__all__ = ["bank"]


def afresh(bank: Bank) -> None:
    """As another process: no key is open."""
    fresh = Keyring(SqlDataKeys(bank.house.database), bank.house.keystore)
    rows = SqlBankCopies(bank.house.database, fresh)
    bank.copies = SealedBankCopies(rows, fresh, {bank.desk.bank: bank.desk.folder})


def test_bytes_about_two_of_whom_one_was_erased_before_are_kept_of_neither(bank: Bank) -> None:
    (episode, mine), (_, other) = bank.payout(), bank.payout()
    bank.erase(episode)
    afresh(bank)
    done, bad = (bank.desk.folder / "inbound" / name for name in ("done", "bad"))
    his, hers = told("DBIT", mine, PAID), told("DBIT", other, OTHER)
    # A note of the bank about both, beside their transactions.
    both = together(his, hers).replace(
        "<NtryDtls>", f"<AddtlNtryInf>{PAID}</AddtlNtryInf><NtryDtls>"
    )
    assert PAID in both.partition("<NtryDtls>")[0]
    content = bank.desk.statement(both, net=-500_00).encode()
    (done / "both.xml").write_bytes(content)
    (bad / "both.xml").write_text(f"<Nm>{PAID}</Nm> that is no XML: {mine}, {other}")
    assert bank.copies.tidy(bank.desk.bank) == 2
    assert PAID.encode() not in bank.read("both.xml", "bad")
    left = bank.read("both.xml")
    assert PAID.encode() not in left
    assert OTHER.encode() in left, "her own transaction is hers"


def test_a_copy_is_found_by_its_name_wherever_a_crash_came(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, mine = bank.payout()
    content = bank.desk.statement(told("DBIT", mine, PAID), net=-500_00).encode()
    done = bank.desk.folder / "inbound/done"

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    places: tuple[tuple[type, str], ...] = ((SqlBankCopies, "note"), (Path, "unlink"))
    for owner, name in places:
        (done / "a.xml").write_bytes(content)
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, killed)
            with pytest.raises(Killed):
                bank.copies.tidy(bank.desk.bank)
        bank.copies.tidy(bank.desk.bank)
        names = {name.removesuffix(".sealed") for name in bank.desk.lies_in("done")}
        assert "a.xml" not in {path.name for path in done.iterdir()}
        found = [name for name in names if _reads(bank, name) == content]
        assert found, "it lies sealed, and no name opens it"
        for path in done.iterdir():
            path.unlink()


def _reads(bank: Bank, name: str, folder: str = "done") -> bytes | None:
    try:
        return bank.read(name, folder)
    except NotFound:
        return None


def test_a_file_that_cannot_be_sealed_leaves_none_behind_it_in_the_open(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode, mine = bank.payout()
    done = bank.desk.folder / "inbound/done"
    for name in ("a.xml", "b.xml"):
        content = bank.desk.statement(told("DBIT", mine, STRANGER), net=-500_00)
        (done / name).write_text(content)
    order = bank.desk.folder / "staging" / f"{mine}-1.xml"
    order.write_text(PAID)
    bank.erase(episode)
    opened = copies.CopyFolders.opened

    def unreadable(self: copies.CopyFolders, path: Path) -> object:
        if path.name == "a.xml":
            with disk():
                raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(self, path)

    with monkeypatch.context() as patched:
        patched.setattr(copies.CopyFolders, "opened", unreadable)
        came = bank.desk.comes(bank.desk.statement(told("DBIT", "Y", STRANGER), net=-500_00))
    assert bank.desk.lies_in("done") == {"a.xml", "b.xml.sealed", f"{came}.sealed"}
    assert not order.exists(), "orders of the erased wait for no bank's file"


def test_the_longest_name_that_a_disk_holds_is_sealed(bank: Bank) -> None:
    content = bank.desk.statement(told("DBIT", "X", STRANGER), net=-500_00).encode()
    name = "s" * 251 + ".xml"
    (bank.desk.folder / "inbound/done" / name).write_bytes(content)
    assert bank.copies.tidy(bank.desk.bank) == 1
    assert bank.in_the_open(STRANGER) == []
    (kept,) = bank.desk.lies_in("done")
    assert bank.read(kept.removesuffix(".sealed")) == content


@pytest.mark.parametrize("good", [True, False])
@pytest.mark.parametrize("raw", [b"\xff\xfe.xml", b"b" * 251 + b".xml"])
def test_a_name_that_is_no_text_or_too_long_stops_no_other_file(
    bank: Bank, raw: bytes, good: bool
) -> None:
    content = bank.desk.statement(told("DBIT", "X", STRANGER), net=-500_00).encode()
    sent = content if good else f"<Nm>{STRANGER}</Nm> no XML {len(raw)}".encode()
    (bank.desk.folder / "inbound" / os.fsdecode(raw)).write_bytes(sent)
    came = bank.desk.comes(bank.desk.statement(told("DBIT", "Y", PAID), net=-500_00))
    assert f"{came}.sealed" in bank.desk.lies_in("done")
    assert bank.in_the_open(PAID, STRANGER) == []
    assert [path for path in (bank.desk.folder / "inbound").iterdir() if path.is_file()] == []
    folder = "done" if good else "bad"
    names = {name.removesuffix(".sealed") for name in bank.desk.lies_in(folder)} - {came}
    assert sent in [_reads(bank, name, folder) for name in names]
