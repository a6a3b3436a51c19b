"""Upload addresses on our rows: one stated file each, another's never found, refused for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest

from crossclaim.api.upload_port import StatedFile
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.security.roles import Principal, Role
from crossclaim.service import upload_slots
from crossclaim.service.upload_slots import SqlUploadSlots
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.plain_files import pdf_of
from tests.steps.asked import asked
from tests.steps.paper_claims import INSURER
from tests.steps.rig import HARBOUR, Rig

FILE = pdf_of("a summary")
VICTORIA = Principal(organisation=INSURER, role=Role.INSURER_SYSTEM, key_id="k1")
OTHER = Principal(organisation=HARBOUR, role=Role.INSURER_SYSTEM, key_id="k2")
STATED = StatedFile(
    name="CANARY.pdf",
    content_type="application/pdf",
    size=len(FILE),
    sha256=hashlib.sha256(FILE).hexdigest(),
)


@dataclass
class Bucket:
    """As much of ``IncomingFiles`` as slots need."""

    lying: dict[str, bytes] = field(default_factory=dict)

    def address(self, upload: str, **_: object) -> tuple[str, dict[str, str]]:
        return f"https://s3/{upload}", {}

    def size(self, upload: str) -> int | None:
        return len(self.lying[upload]) if upload in self.lying else None

    def read(self, upload: str, size: int) -> bytes:
        return self.lying[upload][: size + 1]

    def remove(self, upload: str) -> None:
        self.lying.pop(upload, None)


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


def slots(api: House, bucket: Bucket) -> SqlUploadSlots:
    return SqlUploadSlots(api.database, api.keyring, bucket)  # type: ignore[arg-type]


async def test_a_stated_file_is_read_once_it_lies_there_and_told_again_after(
    api: House, rig: Rig
) -> None:
    episode, bucket = asked(rig, "receipt").episode, Bucket()
    door = slots(api, bucket)
    slot = await door.open(VICTORIA, episode, STATED)
    with pytest.raises(Refused) as absent:
        await door.sent(VICTORIA, episode, slot.upload)
    assert [f.code for f in absent.value.faults] == ["UPLOAD_ABSENT"]
    bucket.lying[slot.upload] = FILE
    sent = await door.sent(VICTORIA, episode, slot.upload)
    assert (sent.content, sent.stated) == (FILE, STATED)
    await door.close(VICTORIA, slot.upload, document_sha256="d" * 64)
    await door.close(VICTORIA, slot.upload, why="DOCUMENT_ACTIVE")
    after = await door.sent(VICTORIA, episode, slot.upload)
    assert (after.content, after.document_sha256, after.why) == (None, "d" * 64, "")
    assert not bucket.lying
    (row,) = rig._select("select * from upload_slot where id = %(id)s", id=slot.upload)
    assert "CANARY" not in str(row) and b"CANARY" not in bytes(row["name_sealed"])


@pytest.mark.parametrize(
    ("lying", "code"), [(FILE + b"x", "UPLOAD_SIZE"), (bytes(len(FILE)), "UPLOAD_DIGEST")]
)
async def test_another_file_at_the_address_is_removed_and_refused_for_ever(
    api: House, rig: Rig, lying: bytes, code: str
) -> None:
    episode, bucket = asked(rig, "receipt").episode, Bucket()
    door = slots(api, bucket)
    slot = await door.open(VICTORIA, episode, STATED)
    bucket.lying[slot.upload] = lying
    with pytest.raises(Refused) as refused:
        await door.sent(VICTORIA, episode, slot.upload)
    assert [f.code for f in refused.value.faults] == [code] and not bucket.lying
    bucket.lying[slot.upload] = FILE
    later = await door.sent(VICTORIA, episode, slot.upload)
    assert (later.content, later.why) == (None, code)
    count = "select count(*) as n from document where episode_id = %(id)s"
    assert rig._select(count, id=episode)[0]["n"] == 0


async def test_uploads_of_another_are_not_found_and_not_to_be_made(api: House, rig: Rig) -> None:
    episode, door = asked(rig, "receipt").episode, slots(api, Bucket())
    slot = await door.open(VICTORIA, episode, STATED)
    with pytest.raises(NotFound):
        await door.sent(OTHER, episode, slot.upload)
    with pytest.raises(NotFound):
        await door.open(OTHER, episode, STATED)
    forged = (
        "insert into upload_slot (id, episode_id, organisation_id, name_sealed, content_type,"
        " size_bytes, sha256, expires_at) values ('up_x', %(id)s, %(who)s, '', 'a', 1, 'b', now())"
    )
    for who in (INSURER, HARBOUR):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            api.database.begin(HARBOUR) as connection,
        ):
            connection.execute(forged, {"id": episode, "who": who})


async def test_what_nobody_came_back_for_is_removed_when_its_sender_comes_again(
    api: House, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode, bucket = asked(rig, "receipt").episode, Bucket()
    door = slots(api, bucket)
    with monkeypatch.context() as patched:
        patched.setattr(upload_slots, "VALID_FOR_S", -1)
        slot = await door.open(VICTORIA, episode, STATED)
    bucket.lying[slot.upload] = FILE
    await door.open(VICTORIA, episode, STATED)
    assert not bucket.lying
    with pytest.raises(Refused) as over:
        await door.sent(VICTORIA, episode, slot.upload)
    assert [f.code for f in over.value.faults] == ["UPLOAD_OVER"]
