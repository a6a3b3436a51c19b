"""An organisation's folders: a file is in one place at any moment, and nothing is overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crossclaim.gateways.party_folders import FoldersBusy, PartyFolders


@pytest.fixture
def places(tmp_path: Path) -> PartyFolders:
    return PartyFolders(tmp_path / "hospital")


def put(places: PartyFolders, name: str, text: str = "x") -> Path:
    file = places.inbound / name
    file.write_text(text)
    return file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_what_is_still_being_written_and_what_is_a_link_is_not_taken(
    places: PartyFolders, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("another's")
    (places.inbound / "link.csv").symlink_to(tmp_path / "secret.csv")
    for name in (".bills.csv", "bills.csv.part", "bills.txt"):
        put(places, name)
    os.utime(put(places, "bills-2.XLSX"), (1, 1))
    put(places, "bills-1.csv")
    assert [path.name for path in places.arrived()] == ["bills-2.XLSX", "bills-1.csv"]


def test_a_file_that_became_a_link_meanwhile_is_not_read(
    places: PartyFolders, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("another's")
    file = put(places, "bills.csv")
    (found,) = places.arrived()
    file.unlink()
    file.symlink_to(tmp_path / "secret.csv")
    assert places.take(found) is None
    assert places.begun() == [] and (tmp_path / "secret.csv").exists()
    assert places.take(found) is None, "it is gone"


@pytest.mark.parametrize("killed_after", ["results", "work", "outbound"])
def test_killed_anywhere_the_results_are_handed_out_once(
    places: PartyFolders, killed_after: str
) -> None:
    put(places, "bills.csv")
    (found,) = places.arrived()
    work = places.take(found)
    assert work is not None
    places.results_of(work).write_text("1 line")
    if killed_after == "work":
        work.rename(places.done / work.name)
    if killed_after == "outbound":
        work.rename(places.done / work.name)
        (places.outbound / "bills.csv.results.csv").hardlink_to(places.results_of(work))
    again = PartyFolders(places.root)
    again.hand_out()
    if killed_after == "results":
        (left,) = again.begun()
        again.finish(left)
    assert names(again.outbound) == ["bills.csv.results.csv"]
    assert names(again.done) == ["bills.csv"]
    assert again.begun() == [] and names(again.results) == []


def test_a_second_file_of_the_same_name_overwrites_nothing(places: PartyFolders) -> None:
    for text in ("first", "second"):
        put(places, "bills.csv", text)
        (found,) = places.arrived()
        work = places.take(found)
        assert work is not None
        places.results_of(work).write_text(f"{text}'s results")
        places.finish(work)
    assert names(places.done) == ["bills-1.csv", "bills.csv"]
    told = [(places.outbound / name).read_text() for name in names(places.outbound)]
    assert sorted(told) == ["first's results", "second's results"]


def test_what_is_set_aside_has_its_reason_beside_it(places: PartyFolders) -> None:
    put(places, "bills.csv")
    (found,) = places.arrived()
    work = places.take(found)
    assert work is not None
    places.set_aside(work, "It is no table.")
    assert names(places.bad) == ["bills.csv", "bills.csv.reason.txt"]
    assert (places.bad / "bills.csv.reason.txt").read_text() == "It is no table.\n"


def test_two_processes_never_watch_the_same_folders(places: PartyFolders) -> None:
    with places.alone(), pytest.raises(FoldersBusy), PartyFolders(places.root).alone():
        pass
    with PartyFolders(places.root).alone():
        pass
