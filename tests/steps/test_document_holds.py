"""Legal holds on our rows: one person holds, two release, and the store is told each time."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
import pytest

from crossclaim.domain.errors import NotFound, Retryable
from crossclaim.service.document_holds import HoldDesk, HoldRefused
from tests.steps.asked import asked, uploaded
from tests.steps.rig import Rig


@dataclass
class Store:
    held: set[str] = field(default_factory=set)
    down: bool = False

    def hold(self, key: str) -> None:
        self._ask()
        self.held.add(key)

    def release(self, key: str) -> None:
        self._ask()
        self.held.discard(key)

    def _ask(self) -> None:
        if self.down:
            raise Retryable("the document store does not answer")


@pytest.fixture
def document(rig: Rig) -> tuple[str, str]:
    episode = asked(rig, "receipt").episode
    return episode, uploaded(rig, episode, f"paper of {episode}")


def test_two_persons_release_what_one_has_held(rig: Rig, document: tuple[str, str]) -> None:
    store = Store()
    desk = HoldDesk(rig.database, store)
    for _ in range(2):
        desk.hold(*document, "a lawsuit", "ann")
    assert store.held == {f"{document[0]}/documents/{document[1]}"}
    (row,) = [one for one in desk.listed() if one["episode_id"] == document[0]]
    assert (row["reason"], row["held_by"]) == ("a lawsuit", "ann")
    for _ in range(2):
        assert desk.release(*document, "it ended", "ann") is False
    assert store.held
    assert desk.release(*document, "it ended", "ben") is True
    assert not store.held
    with pytest.raises(NotFound):
        desk.release(*document, "again", "cat")


def test_what_the_store_did_not_do_stands_in_no_row(rig: Rig, document: tuple[str, str]) -> None:
    store = Store(down=True)
    desk = HoldDesk(rig.database, store)
    with pytest.raises(Retryable):
        desk.hold(*document, "a lawsuit", "ann")
    assert not [one for one in desk.listed() if one["episode_id"] == document[0]]
    store.down = False
    desk.hold(*document, "a lawsuit", "ann")
    desk.release(*document, "it ended", "ann")
    store.down = True
    with pytest.raises(Retryable):
        desk.release(*document, "it ended", "ben")
    assert [one for one in desk.listed() if one["episode_id"] == document[0]] and store.held


def test_a_hold_says_why_and_who_and_is_of_a_document(rig: Rig, document: tuple[str, str]) -> None:
    desk = HoldDesk(rig.database, Store())
    for reason, by in (("", "ann"), ("a lawsuit", " ")):
        with pytest.raises(HoldRefused):
            desk.hold(*document, reason, by)
    with pytest.raises(NotFound):
        desk.hold(document[0], "0" * 64, "a lawsuit", "ann")


def test_the_database_keeps_every_hold_and_takes_no_release_of_one_person(
    rig: Rig, document: tuple[str, str]
) -> None:
    HoldDesk(rig.database, Store()).hold(*document, "a lawsuit", "ann")
    for wrong, refused in (
        ("delete from document_hold", psycopg.errors.InsufficientPrivilege),
        ("update document_hold set held_by = 'x'", psycopg.errors.InsufficientPrivilege),
        (
            "update document_hold set released_at = now(), released_by = 'a',"
            " release_asked_by = 'a'",
            psycopg.errors.CheckViolation,
        ),
    ):
        with pytest.raises(refused):
            rig.change(f"{wrong} where episode_id = %(id)s", id=document[0])
