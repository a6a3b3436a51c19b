"""``crossclaim folders`` against the API: files are taken once, results lie in outbound."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import yaml
from starlette.types import Receive, Scope, Send
from typer.testing import CliRunner, Result

from crossclaim.api.application import build_app
from crossclaim.cli.application import app
from crossclaim.domain import bill_file, episode_file
from tests.simulators.party_process import eventually
from tests.web.hospital_rows import bill_rows, episode_rows
from tests.web.house import example, services_over
from tests.web.test_hospital_imports import VISITS, VisitHouse


class Door:
    """The API, which may be down, or go down after so many submissions."""

    def __init__(self) -> None:
        self.house = VisitHouse()
        self.app = build_app(services_over(self.house))
        self.answers_left: float = float("inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            self.answers_left -= 1
        if scope["type"] == "http" and self.answers_left < 0:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})
            return
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class Desk:
    door: Door
    url: str
    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "szh"

    def put(self, name: str, columns: Sequence[str], rows: list[dict[str, str]]) -> None:
        file = self.root / "inbound" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as opened:
            out = csv.DictWriter(opened, columns)
            out.writeheader()
            out.writerows(rows)

    def look(self) -> Result:
        (self.folder / "key").write_text("cc_test_shenzhen\n")
        one = {
            "organisation": "hku-szh",
            "folder": str(self.root),
            "key_file": str(self.folder / "key"),
        }
        config = self.folder / "folders.yaml"
        config.write_text(yaml.safe_dump({"folders": [one]}))
        done = CliRunner().invoke(app, ["folders", str(config), f"--api={self.url}", "--once"])
        assert done.exit_code == 0, done.output
        return done

    def names(self, place: str) -> list[str]:
        return sorted(path.name for path in (self.root / place).iterdir() if path.is_file())

    def results(self, name: str) -> list[dict[str, str]]:
        with (self.root / "outbound" / name).open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Door, str]]:
    door = Door()
    server = uvicorn.Server(uvicorn.Config(door, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    sockets = eventually(lambda: getattr(server, "servers", None))
    yield door, f"http://127.0.0.1:{sockets[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def desk(served: tuple[Door, str], tmp_path: Path) -> Desk:
    door, url = served
    door.house.__init__()  # type: ignore[misc]
    door.answers_left = float("inf")
    return Desk(door, url, tmp_path)


def stays() -> list[dict[str, str]]:
    whole = example("episode-1-inpatient")
    visits = ({**whole, "visit": {**whole["visit"], "number": visit}} for visit in VISITS)
    return [row for one in visits for row in episode_rows(one)]


def charges() -> list[dict[str, Any]]:
    bill = example("episode-1-bill-final")
    return [r for visit in VISITS for r in bill_rows({**bill, "number": f"F-{visit}"}, visit)]


def test_files_that_are_left_are_checked_taken_and_answered_row_by_row(desk: Desk) -> None:
    desk.put("check-episodes-may.csv", episode_file.COLUMNS, stays())
    desk.look()
    assert {line["status"] for line in desk.results("check-episodes-may.csv.results.csv")} == {
        "clean"
    }
    assert desk.door.house.answers == {}, "a check keeps nothing"
    desk.put("episodes-may.csv", episode_file.COLUMNS, stays())
    desk.look()
    desk.put("bills-may.csv", bill_file.COLUMNS, charges())
    desk.look()
    opened = desk.results("episodes-may.csv.results.csv")
    billed = desk.results("bills-may.csv.results.csv")
    assert {line["status"] for line in opened + billed} == {"taken"}
    assert [line["row"] for line in billed] == [str(n + 2) for n in range(len(charges()))]
    assert {line["episode_id"] for line in billed} == {line["episode_id"] for line in opened}
    assert desk.names("inbound") == [] and desk.names("staging/work") == []
    assert desk.names("inbound/done") == [
        "bills-may.csv",
        "check-episodes-may.csv",
        "episodes-may.csv",
    ]


def test_a_bad_file_is_set_aside_with_its_reason_and_holds_up_no_other(desk: Desk) -> None:
    desk.put("list.csv", episode_file.COLUMNS, stays())
    desk.put("episodes-empty.csv", episode_file.COLUMNS, [])
    desk.put("episodes-heading.csv", bill_file.COLUMNS, charges())
    (desk.root / "inbound" / "bills.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    desk.put("episodes.csv", episode_file.COLUMNS, stays())
    desk.look()
    assert desk.names("outbound") == ["episodes.csv.results.csv"]
    bad = desk.names("inbound/bad")
    for name, told in {
        "list.csv": "begins with what it holds",
        "episodes-empty.csv": "nothing below it",
        "episodes-heading.csv": "column department",
        "bills.xlsx": "no workbook that can be read",
    }.items():
        assert name in bad
        assert told in (desk.root / "inbound/bad" / f"{name}.reason.txt").read_text()


def test_a_name_that_no_text_can_hold_is_told_and_holds_up_no_other(desk: Desk) -> None:
    """As a list packed under another system's code page is called when it is unpacked."""
    desk.put("episodes.csv", episode_file.COLUMNS, stays())
    inbound = os.fsencode(desk.root / "inbound")
    for name in (b"episodes-\xd6\xc3.csv", b"\xd6\xc3.csv", b"list\nszh: bills.csv\x1b[2J.csv"):
        with open(os.path.join(inbound, name), "wb") as opened:
            opened.write(b"x")
    told = desk.look().output
    assert len(desk.names("inbound/bad")) == 6 and desk.names("staging/work") == []
    assert desk.names("outbound") == ["episodes.csv.results.csv"]
    assert "\x1b" not in told and len(told.splitlines()) == 4


def test_a_folder_that_became_a_link_takes_no_file_to_where_it_leads(desk: Desk) -> None:
    """Who writes into inbound may rename what is in it: into another organisation's folder."""
    desk.put("episodes.csv", episode_file.COLUMNS, stays())
    desk.put("list.csv", episode_file.COLUMNS, stays())
    others = desk.folder / "other"
    others.mkdir()
    for name in ("done", "bad"):
        (desk.root / "inbound" / name).symlink_to(others)
    assert "its folders failed with ENOTDIR" in desk.look().output
    assert list(others.iterdir()) == []


def test_while_the_api_is_away_files_wait_and_nothing_is_refused(desk: Desk) -> None:
    desk.door.answers_left = -1
    desk.put("episodes.csv", episode_file.COLUMNS, stays())
    assert "the files wait" in desk.look().output
    assert desk.names("inbound") == ["episodes.csv"] and desk.names("outbound") == []
    desk.door.answers_left = 2
    assert "is sent again" in desk.look().output, "the API goes down in the middle"
    assert desk.names("staging/work") == ["episodes.csv"] and desk.names("outbound") == []
    desk.door.answers_left = 1
    desk.look()
    assert len(desk.door.house.answers) == len(VISITS), "what was taken is not sent again"
    lines = desk.results("episodes.csv.results.csv")
    assert [line["status"] for line in lines] == ["taken"] * len(lines)
    assert len({line["episode_id"] for line in lines}) == len(VISITS)


def test_a_bill_is_not_called_a_strangers_because_the_api_was_silent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("episodes.csv", episode_file.COLUMNS, stays())
    desk.look()
    desk.put("bills.csv", bill_file.COLUMNS, charges())
    asked = httpx.Client.get

    def silent(http: httpx.Client, url: str, **more: Any) -> httpx.Response:
        return httpx.Response(503) if url == "/v1/episodes" else asked(http, url, **more)

    with monkeypatch.context() as down:
        down.setattr(httpx.Client, "get", silent)
        assert "is sent again" in desk.look().output
    assert desk.names("outbound") == ["episodes.csv.results.csv"]
    desk.look()
    assert {line["status"] for line in desk.results("bills.csv.results.csv")} == {"taken"}


@pytest.mark.parametrize("text", ["- a", "folders: [{organisation: a}]", "{"])
def test_a_list_of_folders_that_cannot_be_read_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "f.yaml").write_text(text)
    done = CliRunner().invoke(app, ["folders", str(tmp_path / "f.yaml"), "--once"])
    assert "f.yaml" in getattr(done.exception, "detail", "")
