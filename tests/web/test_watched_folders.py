"""A list of watched folders that is partly wrong stops none that is right, and no organisation's
file goes in under another's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from crossclaim.cli.folders import look
from crossclaim.cli.watched_folders import Watched, WatchedFolders
from crossclaim.domain import episode_file
from crossclaim.domain.errors import CrossclaimError
from crossclaim.gateways.party_folders import FoldersBusy, PartyFolders
from tests.web.test_import_folders import Desk, desk, served, stays

__all__ = ["desk", "served"]


def listed(file: Path, *folders: Path) -> Path:
    rows = [
        {"organisation": f"o{n}", "folder": str(folder), "key_file": str(file.parent / "key")}
        for n, folder in enumerate(folders)
    ]
    file.write_text(yaml.safe_dump({"folders": rows}))
    return file


@pytest.fixture
def places(tmp_path: Path) -> Iterator[tuple[Path, Path, Path]]:
    (tmp_path / "file").write_text("no folder")
    yield tmp_path / "f.yaml", tmp_path / "good", tmp_path / "file"


def test_folders_that_cannot_be_watched_stop_none_that_can(
    places: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config, good, wrong = places
    # One that is no folder, and one that is named twice: by a second organisation.
    listed(config, wrong, good, good)
    with WatchedFolders(config, needed=False) as watched:
        for _ in range(2):
            assert [places.root for _, places in watched.now()] == [good]
        assert len(capsys.readouterr().err.splitlines()) == 2, "told once each"
        # What was wrong is tried again, without a change of the list.
        wrong.unlink()
        assert [places.root for _, places in watched.now()] == [wrong, good]
    with PartyFolders(good).alone():
        pass


def test_a_list_that_somebody_asked_for_by_name_is_right_or_refused(
    places: tuple[Path, Path, Path],
) -> None:
    config, good, wrong = places
    for folders, error in (((good, wrong), CrossclaimError), ((good, good), FoldersBusy)):
        watched = WatchedFolders(listed(config, *folders), needed=True)
        with watched, pytest.raises(error):
            watched.now()


def test_a_key_of_another_organisation_imports_nothing_of_this_one(desk: Desk) -> None:
    desk.put("episodes.csv", episode_file.COLUMNS, stays())
    key = desk.folder / "key"
    key.write_text("cc_test_shenzhen\n")
    places = PartyFolders(desk.root)
    other = Watched(organisation="another-hospital", folder=desk.root, key_file=key)
    assert list(look(other, places, desk.url)) == [
        "its key is another organisation's; nothing is imported."
    ]
    assert desk.names("inbound") == ["episodes.csv"]
    assert not desk.door.house.answers
    own = other.model_copy(update={"organisation": "hku-szh"})
    assert [said for said in look(own, places, desk.url) if "taken" in said]
