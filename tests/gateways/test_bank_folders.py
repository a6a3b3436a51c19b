"""Staging, releasing and clearing away: a crash leaves each move undone or done, nothing else."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from activities.ports import Bank
from crossclaim.domain.errors import Final, Retryable
from crossclaim.domain.money import fen
from crossclaim.gateways.bank.orders import payment_order
from tests.gateways.bank_scene import AT, REFERENCE, bank, order

NAME = f"{REFERENCE}-1.xml"

DYING = """
import os, signal, sys
from pathlib import Path
from tests.gateways.bank_scene import bank, order
moment, folder = sys.argv[1], Path(sys.argv[2])
real_rename, real_fsync, moves = os.rename, os.fsync, []
def die(): os.kill(os.getpid(), signal.SIGKILL)
def fsync(descriptor):
    if moment == "before_sync": die()
    real_fsync(descriptor)
def rename(source, target, **kw):
    moves.append(target)
    if moment == f"before_move_{len(moves)}": die()
    real_rename(source, target, **kw)
    if moment == f"after_move_{len(moves)}": die()
os.rename, os.fsync = rename, fsync
gateway = bank(folder)
gateway.release(gateway.stage(order()))
"""


def killed_at(moment: str, folder: Path) -> None:
    """A process that stages and releases one order and kills itself at a moment."""
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", DYING, moment, str(folder)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=60,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_the_gateway_fits_the_port(tmp_path: Path) -> None:
    port: Bank = bank(tmp_path)
    assert list(port.arrived()) == []


def test_folders_are_made_for_us_alone(tmp_path: Path) -> None:
    root = tmp_path / "harbour"
    bank(root)
    for name in (".", "staging", "outbound", "inbound", "inbound/done", "inbound/bad"):
        assert stat.S_IMODE((root / name).stat().st_mode) == 0o700


def test_a_staged_order_is_out_of_the_banks_sight_until_it_is_released(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    assert gateway.stage(order()) == NAME
    assert gateway.is_staged(NAME) and names(tmp_path / "outbound") == []
    gateway.release(NAME)
    assert not gateway.is_staged(NAME) and names(tmp_path / "staging") == []
    assert (tmp_path / "outbound" / NAME).read_bytes() == payment_order(order(), "crossclaim")


def test_staging_and_releasing_again_change_nothing(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    assert gateway.stage(order()) == gateway.stage(order())
    assert names(tmp_path / "staging") == [NAME]
    gateway.release(NAME)
    gateway.release(NAME)
    assert gateway.stage(order()) == NAME
    assert not gateway.is_staged(NAME) and names(tmp_path / "outbound") == [NAME]


def test_releasing_again_never_brings_back_a_file_that_the_bank_took(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    gateway.release(gateway.stage(order()))
    (tmp_path / "outbound" / NAME).unlink()
    gateway.release(NAME)
    assert names(tmp_path / "outbound") == []


def test_another_order_under_a_released_name_is_refused(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    gateway.release(gateway.stage(order()))
    with pytest.raises(Final) as caught:
        gateway.stage(order(amount=fen(1)))
    assert caught.value.code == "BANK_NAME_TAKEN"


def test_an_order_for_another_bank_is_refused(tmp_path: Path) -> None:
    elsewhere = order().debtor.model_copy(update={"bank": "quiet-bank"})
    with pytest.raises(Final):
        bank(tmp_path).stage(order(debtor=elsewhere))


@pytest.mark.parametrize(
    ("moment", "staged", "outbound"),
    [
        ("before_sync", [], []),
        ("before_move_1", [], []),
        ("after_move_1", [NAME], []),
        ("before_move_2", [NAME], []),
        ("after_move_2", [], [NAME]),
    ],
)
def test_after_a_kill_the_staging_folder_tells_whether_the_bank_can_have_seen_the_file(
    tmp_path: Path, moment: str, staged: list[str], outbound: list[str]
) -> None:
    killed_at(moment, tmp_path)
    complete = [name for name in names(tmp_path / "staging") if not name.endswith(".part")]
    assert (complete, names(tmp_path / "outbound")) == (staged, outbound)
    gateway = bank(tmp_path)
    assert gateway.is_staged(NAME) == bool(staged)
    if not outbound:
        gateway.stage(order())
    gateway.release(NAME)
    assert names(tmp_path / "outbound") == [NAME]
    assert (tmp_path / "outbound" / NAME).read_bytes() == payment_order(order(), "crossclaim")


def test_a_naive_twin_that_writes_straight_into_outbound_shows_the_bank_half_a_file(
    tmp_path: Path,
) -> None:
    naive = DYING.replace(
        "gateway.release(gateway.stage(order()))",
        "f = open(folder / 'outbound' / 'x.xml', 'wb', 0)\nf.write(b'<half'); os.fsync(f.fileno())",
    )
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", naive, "before_sync", str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=60,
        check=False,
    )
    assert (tmp_path / "outbound" / "x.xml").read_bytes() == b"<half"


def test_many_workers_staging_the_same_order_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    begin = threading.Barrier(8)

    def work(_: int) -> set[str]:
        begin.wait()
        return {gateway.stage(order()) for _ in range(10)}

    with ThreadPoolExecutor(8) as workers:
        assert list(workers.map(work, range(8))) == [{NAME}] * 8
    assert names(tmp_path / "staging") == [NAME]
    gateway.release(NAME)
    assert (tmp_path / "outbound" / NAME).read_bytes() == payment_order(order(), "crossclaim")


def test_part_files_of_killed_processes_are_removed_and_fresh_ones_kept(tmp_path: Path) -> None:
    bank(tmp_path)
    old, fresh = (tmp_path / "staging" / name for name in (".a.xml.1.part", ".b.xml.2.part"))
    old.write_text("old")
    fresh.write_text("fresh")
    os.utime(old, (1, 1))
    bank(tmp_path)
    assert names(tmp_path / "staging") == [fresh.name]


@pytest.mark.parametrize("lost", ["staging", "outbound"])
def test_a_lost_folder_is_retryable_and_never_taken_for_released(tmp_path: Path, lost: str) -> None:
    gateway = bank(tmp_path)
    gateway.stage(order())
    shutil.rmtree(tmp_path / lost)
    with pytest.raises(Retryable):
        gateway.release(NAME)
    if lost == "staging":
        with pytest.raises(Retryable):
            gateway.is_staged(NAME)


def test_an_inquiry_goes_out_at_once_and_only_to_a_bank_that_answers_it(tmp_path: Path) -> None:
    gateway = bank(tmp_path / "harbour")
    name = gateway.inquire(order(), 1, AT)
    assert name == f"{REFERENCE}-inquiry-1.xml"
    assert gateway.inquire(order(), 1, AT) == name
    assert names(tmp_path / "harbour" / "outbound") == [name]
    assert names(tmp_path / "harbour" / "staging") == []
    quiet = bank(tmp_path / "quiet", status_request=False)
    with pytest.raises(Final) as caught:
        quiet.inquire(order(), 1, AT)
    assert caught.value.code == "BANK_NO_STATUS_REQUEST"
    assert names(tmp_path / "quiet" / "outbound") == []


def test_complete_inbound_files_come_oldest_first_and_unfinished_ones_not_at_all(
    tmp_path: Path,
) -> None:
    gateway = bank(tmp_path)
    inbound = tmp_path / "inbound"
    for age, name in enumerate(["b.xml", "a.xml", "c.xml"]):
        (inbound / name).write_text("x")
        os.utime(inbound / name, (1000 + age, 1000 + age))
    for name in (".d.xml", "e.xml.part", "f.part", "g.txt", ".h.xml.part"):
        (inbound / name).write_text("x")
    (inbound / "folder.xml").mkdir()
    (inbound / "link.xml").symlink_to("/etc/hostname")
    assert [path.name for path in gateway.arrived()] == ["b.xml", "a.xml", "c.xml"]


def test_finished_files_are_kept_and_never_overwritten(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    path = tmp_path / "inbound" / "report.xml"
    for content in ("one", "two", "three"):
        path.write_text(content)
        gateway.finish(path)
    done = tmp_path / "inbound" / "done"
    assert names(done) == ["report-1.xml", "report-2.xml", "report.xml"]
    assert [(done / name).read_text() for name in names(done)] == ["two", "three", "one"]
    gateway.finish(path)
    assert len(names(done)) == 3


def test_a_bad_file_is_set_aside_with_its_reason_and_never_overwritten(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    path = tmp_path / "inbound" / "bad.xml"
    for reason in ("not UTF-8", "empty"):
        path.write_text(reason)
        gateway.set_aside(path, reason)
        gateway.set_aside(path, "asked again")
    bad = tmp_path / "inbound" / "bad"
    assert names(bad) == ["bad-1.xml", "bad-1.xml.reason.txt", "bad.xml", "bad.xml.reason.txt"]
    assert (bad / "bad.xml.reason.txt").read_text() == "not UTF-8\n"
    assert (bad / "bad-1.xml.reason.txt").read_text() == "empty\n"
    assert list(gateway.arrived()) == []


def test_only_files_of_the_inbound_folder_can_be_read_or_moved(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    gateway.stage(order())
    for path in (tmp_path / "staging" / NAME, tmp_path / "inbound" / "done" / "x.xml"):
        with pytest.raises(ValueError, match="inbound"):
            gateway.read(path)
        with pytest.raises(ValueError, match="inbound"):
            gateway.finish(path)


def test_a_file_that_another_worker_moved_meanwhile_is_retryable(tmp_path: Path) -> None:
    with pytest.raises(Retryable):
        bank(tmp_path).read(tmp_path / "inbound" / "gone.xml")


def test_a_released_file_waits_until_the_bank_takes_it(tmp_path: Path) -> None:
    gateway = bank(tmp_path)
    name = gateway.stage(order())
    assert not gateway.is_waiting(name)
    gateway.release(name)
    assert gateway.is_waiting(name)
    (tmp_path / "outbound" / name).unlink()
    assert not gateway.is_waiting(name)
