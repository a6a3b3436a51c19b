"""Legal holds on our rows: one person holds, two release, and the store is told each time."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
import pytest

from crossclaim.domain.errors import NotAllowed, NotFound, Retryable
from crossclaim.security.roles import Principal, Role
from crossclaim.service.document_holds import HoldDesk, HoldRefused
from tests.steps.asked import asked, uploaded
from tests.steps.rig import Rig


def known(name: str) -> Principal:
    """Somebody of support with a key that is his alone."""
    return Principal(
        organisation="crossclaim", role=Role.SUPPORT, key_id=f"key of {name}", person=f"pn_{name}"
    )


ANN, BEN, CAT = known("ann"), known("ben"), known("cat")


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
        desk.hold(*document, "a lawsuit", ANN)
    assert store.held == {f"{document[0]}/documents/{document[1]}"}
    (row,) = [one for one in desk.listed() if one["episode_id"] == document[0]]
    assert (row["reason"], row["held_by"]) == ("a lawsuit", "pn_ann")
    for _ in range(2):
        assert desk.release(*document, "it ended", ANN) is False
    assert store.held
    assert desk.release(*document, "it ended", BEN) is True
    assert not store.held
    with pytest.raises(NotFound):
        desk.release(*document, "again", CAT)


def test_what_the_store_did_not_do_stands_in_no_row(rig: Rig, document: tuple[str, str]) -> None:
    store = Store(down=True)
    desk = HoldDesk(rig.database, store)
    with pytest.raises(Retryable):
        desk.hold(*document, "a lawsuit", ANN)
    assert not [one for one in desk.listed() if one["episode_id"] == document[0]]
    store.down = False
    desk.hold(*document, "a lawsuit", ANN)
    desk.release(*document, "it ended", ANN)
    store.down = True
    with pytest.raises(Retryable):
        desk.release(*document, "it ended", BEN)
    assert [one for one in desk.listed() if one["episode_id"] == document[0]] and store.held


def test_a_hold_says_why_and_who_and_is_of_a_document(rig: Rig, document: tuple[str, str]) -> None:
    desk = HoldDesk(rig.database, Store())
    nobody = ANN.model_copy(update={"person": None})
    for reason, by in ((" ", ANN), ("a lawsuit", nobody)):
        with pytest.raises(HoldRefused):
            desk.hold(*document, reason, by)
    insurer = ANN.model_copy(update={"role": Role.INSURER_SUPERVISOR})
    with pytest.raises(NotAllowed):
        desk.release(*document, "a lawsuit", insurer)
    with pytest.raises(NotFound):
        desk.hold(document[0], "0" * 64, "a lawsuit", ANN)


def test_the_database_keeps_every_hold_and_takes_no_release_of_one_person(
    rig: Rig, document: tuple[str, str]
) -> None:
    HoldDesk(rig.database, Store()).hold(*document, "a lawsuit", ANN)
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
