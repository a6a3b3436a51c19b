"""The keyring: each episode under its own key, found by equality only, gone when destroyed."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.security.blind_index import words_of_name
from crossclaim.security.data_key import SYSTEM, scope_of_key, scope_of_workflow
from crossclaim.security.errors import KeyDestroyed, KeyMissing, Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from tests.unit.data_key_shelf import DataKeyShelf, Hand

ANNA, BERT = "ep_01ANNA", "ep_01BERT"
NAME = "陳大文 Chan Tai Man".encode()


class Room:
    """A keyring with two episodes, its shelf and its clock."""

    def __init__(self, directory: Path) -> None:
        self.hand = Hand()
        self.shelf = DataKeyShelf()
        self.keystore = EpochKeystore(directory, clock=self.hand)
        self.keyring = self.another_process()
        for scope in (ANNA, BERT):
            self.keyring.ensure(scope)

    def another_process(self, entries_max: int = 4096) -> Keyring:
        return Keyring(self.shelf, self.keystore, clock=self.hand, entries_max=entries_max)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_what_one_process_seals_another_opens(room: Room) -> None:
    sealed = room.keyring.encrypt(ANNA, NAME, "person.name")
    assert NAME not in sealed
    assert room.another_process().decrypt(ANNA, sealed, "person.name") == NAME


def test_the_same_words_never_look_the_same_twice(room: Room) -> None:
    sealed = {room.keyring.encrypt(ANNA, NAME, "person.name") for _ in range(100)}
    assert len(sealed) == 100


def test_another_episodes_key_does_not_open_it_and_neither_does_another_field(room: Room) -> None:
    sealed = room.keyring.encrypt(ANNA, NAME, "person.name")
    for scope, field in ((BERT, "person.name"), (SYSTEM, "person.name"), (ANNA, "diagnosis")):
        with pytest.raises(Undecipherable):
            room.keyring.decrypt(scope, sealed, field)


def test_even_with_the_key_id_forged_another_episodes_key_does_not_open_it(room: Room) -> None:
    sealed = room.keyring.encrypt(ANNA, NAME, "person.name")
    forged = sealed.replace(
        room.shelf.rows[ANNA].key_id.encode(), room.shelf.rows[BERT].key_id.encode()
    )
    assert forged != sealed
    with pytest.raises(Undecipherable):
        room.keyring.decrypt(BERT, forged, "person.name")


def test_a_naive_ring_with_one_key_for_all_would_open_it(room: Room) -> None:
    """The twin: with one shared key and nothing bound, the mixing-up above goes unnoticed."""
    one = room.keyring.key(ANNA)
    naive = one.seal(NAME, "")
    assert one.unseal(naive, "") == NAME


def test_one_changed_byte_anywhere_is_noticed(room: Room) -> None:
    sealed = room.keyring.encrypt(ANNA, NAME, "person.name")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Undecipherable):
            room.keyring.decrypt(ANNA, bytes(changed), "person.name")


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_refused_and_never_crash_the_parser(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        ring = Room(Path(directory)).keyring
        for forged in (data, b"CK\x01" + data):
            with pytest.raises(Undecipherable):
                ring.decrypt(ANNA, forged, "field")


def test_a_scope_without_a_key_is_missing_and_one_with_an_emptied_row_is_destroyed(
    room: Room,
) -> None:
    with pytest.raises(KeyMissing):
        room.keyring.encrypt("ep_01NOBODY", NAME, "person.name")
    row = room.shelf.rows[ANNA]
    room.shelf.rows[ANNA] = row.model_copy(update={"wrapped": b""})
    with pytest.raises(KeyDestroyed):
        room.keyring.encrypt(ANNA, NAME, "person.name")


def test_a_missing_key_is_found_as_soon_as_it_is_made(room: Room) -> None:
    with pytest.raises(KeyMissing):
        room.keyring.key("ep_01LATE")
    room.another_process().ensure("ep_01LATE")
    assert room.keyring.key("ep_01LATE").scope == "ep_01LATE"


def test_the_system_key_is_made_at_its_first_use_and_only_once(room: Room) -> None:
    rings = [room.another_process() for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda ring: ring.encrypt(SYSTEM, b"ids", "f"), rings))
    fresh = room.another_process()
    assert {fresh.decrypt(SYSTEM, each, "f") for each in sealed} == {b"ids"}


def test_a_key_is_looked_up_once_a_minute_and_no_more(room: Room) -> None:
    room.shelf.look_ups = 0
    for _ in range(50):
        room.keyring.encrypt(ANNA, NAME, "person.name")
    assert room.shelf.look_ups == 1
    room.hand.now_s += 59.9
    room.keyring.encrypt(ANNA, NAME, "person.name")
    assert room.shelf.look_ups == 1
    room.hand.now_s += 0.1
    room.keyring.encrypt(ANNA, NAME, "person.name")
    assert room.shelf.look_ups == 2


def test_using_a_key_does_not_keep_it_open_beyond_a_minute_after_its_destruction(
    room: Room,
) -> None:
    room.keyring.encrypt(ANNA, NAME, "person.name")
    room.shelf.rows[ANNA] = room.shelf.rows[ANNA].model_copy(update={"wrapped": b""})
    for _ in range(59):
        room.hand.now_s += 1
        room.keyring.encrypt(ANNA, NAME, "person.name")
    room.hand.now_s += 1
    with pytest.raises(KeyDestroyed):
        room.keyring.encrypt(ANNA, NAME, "person.name")


def test_no_caller_can_keep_keys_open_longer_than_a_minute(room: Room) -> None:
    ring = Keyring(room.shelf, room.keystore, clock=room.hand, age_max_s=3600)
    ring.key(ANNA)
    room.hand.now_s += 60
    assert ring.cached(ANNA) is None


def test_the_process_that_destroyed_a_key_can_forget_it_at_once(room: Room) -> None:
    room.keyring.encrypt(ANNA, NAME, "person.name")
    room.shelf.rows[ANNA] = room.shelf.rows[ANNA].model_copy(update={"wrapped": b""})
    room.keyring.forget(ANNA)
    with pytest.raises(KeyDestroyed):
        room.keyring.key(ANNA)


def test_the_cache_never_holds_more_keys_than_it_may(room: Room) -> None:
    ring = room.another_process(entries_max=3)
    for number in range(10):
        ring.ensure(f"ep_{number}")
        ring.key(f"ep_{number}")
    assert [ring.cached(f"ep_{number}") is not None for number in range(10)] == [False] * 7 + [
        True
    ] * 3


def test_a_submission_is_sealed_before_its_key_row_is_committed(room: Room) -> None:
    key = room.keyring.new_key("ep_01NEW")
    sealed = room.keyring.encrypt("ep_01NEW", NAME, "submission", key=key)
    assert room.keyring.decrypt("ep_01NEW", sealed, "submission", key=key) == NAME
    assert room.shelf.wrapped_key("ep_01NEW") is None
    room.shelf.create("ep_01NEW", key)
    room.keyring.adopt("ep_01NEW", key)
    room.shelf.look_ups = 0
    assert room.keyring.decrypt("ep_01NEW", sealed, "submission") == NAME
    assert room.shelf.look_ups == 0
    assert room.another_process().decrypt("ep_01NEW", sealed, "submission") == NAME


def test_after_an_epoch_is_rolled_the_survivor_reads_on_and_the_erased_is_gone(room: Room) -> None:
    anna = room.keyring.encrypt(ANNA, NAME, "person.name")
    bert = room.keyring.encrypt(BERT, NAME, "person.name")
    backup = dict(room.shelf.rows)
    old = room.keystore.current_epoch()
    room.keystore.new_epoch()
    room.shelf.rows[BERT] = room.keyring.rewrap(BERT, room.shelf.rows[BERT])
    room.keystore.destroy_epoch(old)
    fresh = room.another_process()
    assert fresh.decrypt(BERT, bert, "person.name") == NAME
    room.shelf.rows = backup
    restored = room.another_process()
    with pytest.raises(KeyDestroyed):
        restored.decrypt(ANNA, anna, "person.name")


def test_a_naive_erasure_that_only_drops_the_row_is_undone_by_a_backup(room: Room) -> None:
    """The twin: without rolling the epoch, a restored row brings the erased person back."""
    anna = room.keyring.encrypt(ANNA, NAME, "person.name")
    backup = room.shelf.rows.pop(ANNA)
    with pytest.raises(KeyMissing):
        room.another_process().decrypt(ANNA, anna, "person.name")
    room.shelf.rows[ANNA] = backup
    assert room.another_process().decrypt(ANNA, anna, "person.name") == NAME


def test_a_look_up_finds_the_same_number_however_wide_its_letters_were_typed(room: Room) -> None:
    index = room.keyring.blind_index("A123456(3)", "hkid")
    assert len(index) == 32
    assert index == room.another_process().blind_index(" ａ123456（3） ", "hkid")
    assert index != room.keyring.blind_index("A123456(4)", "hkid")
    assert index != room.keyring.blind_index("A123456(3)", "policy")


def test_a_name_is_found_by_any_word_character_or_pair_and_by_nothing_shorter(room: Room) -> None:
    assert words_of_name("陳大文 CHAN Tai-Man") == [
        "陳",
        "大",
        "文",
        "陳大",
        "大文",
        "chan",
        "tai",
        "man",
    ]
    assert words_of_name("Ｏ’Brien") == ["obrien"]
    assert words_of_name(" ,. ") == []
    kept = set(room.keyring.name_tokens("陳大文 CHAN Tai-Man"))
    for asked in ("chan", "Man", "大文", "陳", "ＣＨＡＮ"):
        assert set(room.another_process().name_tokens(asked)) <= kept
    for asked in ("cha", "陳文", "李"):
        assert not set(room.keyring.name_tokens(asked)) <= kept


@given(st.text("陳大文chan ", max_size=9), st.text("陳大文chan ", max_size=4))
def test_a_search_asks_for_fewer_words_and_finds_the_same_names(name: str, asked: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        keyring = Keyring(DataKeyShelf(), EpochKeystore(Path(folder)))
        kept, every = set(keyring.name_tokens(name)), set(keyring.name_tokens(asked))
        few = set(keyring.search_tokens(asked))
    assert few <= every and bool(few) == bool(every)
    assert (few <= kept) == (every <= kept)


def test_of_a_chinese_name_no_character_is_looked_up_that_a_pair_has(room: Room) -> None:
    def tokens(*words: str) -> set[bytes]:
        return {one for word in words for one in room.keyring.name_tokens(word)}

    pairs = tokens("陳大", "大文") - tokens("陳", "大", "文")
    assert set(room.keyring.search_tokens("陳大文 CHAN")) == pairs | tokens("chan")
    assert set(room.keyring.search_tokens("陳")) == tokens("陳")


def test_an_index_made_under_another_keystore_finds_nothing(room: Room, tmp_path: Path) -> None:
    """So whoever copies the database alone cannot try out names and numbers."""
    elsewhere = Keyring(DataKeyShelf(), EpochKeystore(tmp_path / "other"))
    assert elsewhere.blind_index("A123456(3)", "hkid") != room.keyring.blind_index(
        "A123456(3)", "hkid"
    )


def test_a_workflow_about_a_person_is_told_by_its_id() -> None:
    assert scope_of_workflow("ep_01HZX") == "ep_01HZX"
    assert scope_of_workflow("ep_01HZX/claim/1") == "ep_01HZX"
    assert [scope_of_workflow(each) for each in ("scan:bank", "xep_1", "ep_", "", None)] == [
        SYSTEM
    ] * 5
    assert scope_of_key("ep_01HZX.0badcafe") == "ep_01HZX"
