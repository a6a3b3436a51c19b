"""Epoch keys and the master key above them: made once, bound to their use, destroyed for good."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from crossclaim.security.errors import KeyDestroyed, KeyMissing, KeystoreUnsafe, Undecipherable
from crossclaim.security.keys import EpochKeystore, FileMasterKey, KmsMasterKey
from tests.unit.data_key_shelf import Hand

SCOPE, KEY_ID, DATA_KEY = "ep_01A", "ep_01A.0badcafe", b"d" * 32


def _wrapped(keystore: EpochKeystore, epoch: str) -> bytes:
    return keystore.wrap(DATA_KEY, epoch, scope=SCOPE, key_id=KEY_ID)


def _unwrapped(keystore: EpochKeystore, wrapped: bytes, epoch: str) -> bytes:
    return keystore.unwrap(wrapped, epoch, scope=SCOPE, key_id=KEY_ID)


def _first_epoch_of(directory: str) -> tuple[str, bytes]:
    keystore = EpochKeystore(Path(directory))
    epoch = keystore.current_epoch()
    return epoch, _wrapped(keystore, epoch)


def test_a_key_wrapped_by_one_process_opens_in_the_next(tmp_path: Path) -> None:
    keystore = EpochKeystore(tmp_path / "keystore")
    epoch = keystore.current_epoch()
    wrapped = _wrapped(keystore, epoch)
    assert DATA_KEY not in wrapped
    assert _unwrapped(EpochKeystore(tmp_path / "keystore"), wrapped, epoch) == DATA_KEY


def test_every_file_of_the_keystore_is_for_its_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "keystore"
    keystore = EpochKeystore(directory)
    keystore.new_epoch()
    keystore.platform_key("anything")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}
    assert modes == {"master.key": 0o600, "ek_000001.json": 0o600, "platform.json": 0o600}
    assert len((directory / "master.key").read_bytes()) == 32
    assert set(json.loads((directory / "ek_000001.json").read_text())) == {
        "key_id",
        "wrapped_key",
        "created_at",
        "destroyed_at",
    }


def test_processes_that_start_together_agree_on_one_master_key_and_one_first_epoch(
    tmp_path: Path,
) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = pool.map(_first_epoch_of, [str(tmp_path)] * 8)
    keystore = EpochKeystore(tmp_path)
    assert {epoch for epoch, _ in made} == {"ek_000001"}
    assert {_unwrapped(keystore, wrapped, epoch) for epoch, wrapped in made} == {DATA_KEY}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_threads_that_make_epochs_together_each_make_their_own(tmp_path: Path) -> None:
    keystore = EpochKeystore(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: keystore.new_epoch(), range(16)))
    assert sorted(made) == keystore.epochs() == [f"ek_{number:06d}" for number in range(1, 17)]


def test_after_a_new_epoch_old_wrappings_still_open_and_new_ones_are_of_the_new(
    tmp_path: Path,
) -> None:
    keystore = EpochKeystore(tmp_path)
    old = keystore.current_epoch()
    wrapped = _wrapped(keystore, old)
    new = keystore.new_epoch()
    assert keystore.current_epoch() == new != old
    assert _unwrapped(keystore, wrapped, old) == DATA_KEY
    with pytest.raises(Undecipherable):
        _unwrapped(keystore, wrapped, new)


def test_a_destroyed_epoch_opens_nothing_at_once_and_in_every_process(tmp_path: Path) -> None:
    keystore, other = EpochKeystore(tmp_path), EpochKeystore(tmp_path)
    epoch = keystore.current_epoch()
    wrapped = _wrapped(keystore, epoch)
    assert _unwrapped(other, wrapped, epoch) == DATA_KEY
    secret = json.loads((tmp_path / f"{epoch}.json").read_text())["wrapped_key"]
    keystore.destroy_epoch(epoch)
    for each in (keystore, other, EpochKeystore(tmp_path)):
        with pytest.raises(KeyDestroyed):
            _unwrapped(each, wrapped, epoch)
    assert not [path for path in tmp_path.iterdir() if secret.encode() in path.read_bytes()]
    keystore.destroy_epoch(epoch)


def test_destroying_the_newest_epoch_leaves_a_newer_one_to_wrap_under(tmp_path: Path) -> None:
    keystore = EpochKeystore(tmp_path)
    epoch = keystore.current_epoch()
    keystore.destroy_epoch(epoch)
    assert keystore.current_epoch() == "ek_000002"
    assert _unwrapped(keystore, _wrapped(keystore, "ek_000002"), "ek_000002") == DATA_KEY


@pytest.mark.parametrize(
    ("scope", "key_id"), [("ep_02B", KEY_ID), (SCOPE, "ep_01A.00000000"), ("system", KEY_ID)]
)
def test_a_wrapping_moved_to_another_scope_or_key_id_does_not_open(
    tmp_path: Path, scope: str, key_id: str
) -> None:
    keystore = EpochKeystore(tmp_path)
    epoch = keystore.current_epoch()
    wrapped = _wrapped(keystore, epoch)
    with pytest.raises(Undecipherable):
        keystore.unwrap(wrapped, epoch, scope=scope, key_id=key_id)


def test_one_changed_bit_anywhere_in_a_wrapping_is_noticed(tmp_path: Path) -> None:
    keystore = EpochKeystore(tmp_path)
    epoch = keystore.current_epoch()
    wrapped = _wrapped(keystore, epoch)
    for place in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[place] ^= 1
        with pytest.raises(Undecipherable):
            _unwrapped(keystore, bytes(changed), epoch)


def test_an_unknown_epoch_is_missing_not_destroyed(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        EpochKeystore(tmp_path).wrap(DATA_KEY, "ek_000009", scope=SCOPE, key_id=KEY_ID)


def test_a_lost_master_key_is_never_replaced_while_its_epochs_stand(tmp_path: Path) -> None:
    EpochKeystore(tmp_path).current_epoch()
    (tmp_path / "master.key").unlink()
    with pytest.raises(KeyMissing, match="put back"):
        _first_epoch_of(str(tmp_path))
    assert not (tmp_path / "master.key").exists()


def test_a_master_key_that_others_may_read_or_of_wrong_length_is_refused(tmp_path: Path) -> None:
    FileMasterKey(tmp_path / "master.key").wrap(b"x", "context")
    os.chmod(tmp_path / "master.key", 0o640)
    with pytest.raises(KeystoreUnsafe, match="0600"):
        FileMasterKey(tmp_path / "master.key").wrap(b"x", "context")
    os.chmod(tmp_path / "master.key", 0o600)
    (tmp_path / "master.key").write_bytes(b"short")
    with pytest.raises(KeystoreUnsafe, match="32 bytes"):
        FileMasterKey(tmp_path / "master.key").wrap(b"x", "context")


def test_a_damaged_epoch_file_says_which_one_and_shows_nothing_of_it(tmp_path: Path) -> None:
    keystore = EpochKeystore(tmp_path)
    epoch = keystore.current_epoch()
    (tmp_path / f"{epoch}.json").write_text('{"key_id": "half')
    with pytest.raises(KeystoreUnsafe, match=epoch) as caught:
        _wrapped(keystore, epoch)
    assert "half" not in str(caught.value)


def test_an_open_epoch_key_is_read_again_after_a_minute(tmp_path: Path) -> None:
    hand = Hand()
    keystore = EpochKeystore(tmp_path, clock=hand)
    epoch = keystore.current_epoch()
    wrapped = _wrapped(keystore, epoch)
    (tmp_path / "master.key").write_bytes(b"k" * 32)
    later = EpochKeystore(tmp_path, clock=hand)
    assert _unwrapped(keystore, wrapped, epoch) == DATA_KEY
    with pytest.raises(Undecipherable):
        _unwrapped(later, wrapped, epoch)
    hand.now_s += 60
    assert _unwrapped(keystore, wrapped, epoch) == DATA_KEY


def test_the_platform_key_is_the_same_for_ever_and_another_for_each_purpose(
    tmp_path: Path,
) -> None:
    key = EpochKeystore(tmp_path).platform_key("blind-index")
    keystore = EpochKeystore(tmp_path)
    keystore.destroy_epoch(keystore.current_epoch())
    assert keystore.platform_key("blind-index") == key
    assert keystore.platform_key("something-else") != key


def test_a_master_key_in_a_key_service_wraps_by_the_service_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protocol only: the imitation (moto) is not AWS, and AWS itself was never tried."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("kms", region_name="ap-east-1")
        master = KmsMasterKey(client, client.create_key()["KeyMetadata"]["KeyId"])
        keystore = EpochKeystore(tmp_path, master)
        epoch = keystore.current_epoch()
        wrapped = _wrapped(keystore, epoch)
        assert _unwrapped(EpochKeystore(tmp_path, master), wrapped, epoch) == DATA_KEY
        assert not (tmp_path / "master.key").exists()
        with pytest.raises(Undecipherable):
            master.unwrap(master.wrap(b"secret", "epoch|ek_000001"), "epoch|ek_000002")
