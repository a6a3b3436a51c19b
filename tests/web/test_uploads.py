"""Files through the API: judged before they are kept, by whichever way they come."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx
import pytest

from tests.plain_files import pdf_of, picture, writer_of, written
from tests.unit.test_file_inspection import ACTIVE, EICAR
from tests.web.house import JIANGMEN, SHENZHEN, MemoryHouse

PDF = pdf_of("a summary")
ADDRESS = "/v1/episodes/ep_1/uploads"


def stated(content: bytes, **changes: Any) -> dict[str, Any]:
    told = {"name": "出院小结.pdf", "content_type": "application/pdf", "size": len(content)}
    return {**told, "sha256": hashlib.sha256(content).hexdigest(), **changes}


async def sent(client: httpx.AsyncClient, house: MemoryHouse, content: bytes, **told: Any) -> str:
    """The id of an upload for whose address these bytes were sent."""
    begun = await client.post(ADDRESS, json=stated(content, **told), headers=SHENZHEN)
    assert begun.status_code == 201, begun.text
    upload = str(begun.json()["upload"])
    house.uploads.lying[upload] = content
    return upload


async def complete(client: httpx.AsyncClient, upload: str) -> httpx.Response:
    return await client.post(f"{ADDRESS}/{upload}/complete", headers=SHENZHEN)


async def direct(
    client: httpx.AsyncClient, content: bytes, content_type: str = "application/pdf", **headers: str
) -> httpx.Response:
    more = {**SHENZHEN, "Content-Type": content_type, **headers}
    path = "/v1/episodes/ep_1/documents?name=a.pdf"
    return await client.post(path, content=content, headers=more)


async def test_what_was_sent_to_its_address_is_kept_once_it_is_said_to_be_there(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    upload = await sent(client, house, PDF)
    first = await complete(client, upload)
    assert (first.status_code, first.json()["sha256"]) == (201, hashlib.sha256(PDF).hexdigest())
    assert list(house.documents.values()) == [PDF] and not house.uploads.lying
    again = await complete(client, upload)
    assert (again.status_code, again.json()["sha256"]) == (201, first.json()["sha256"])


@pytest.mark.parametrize("case", [*ACTIVE, "malware", "a scanner's find", "no PDF"])
async def test_a_refused_upload_leaves_nothing_behind(
    client: httpx.AsyncClient, house: MemoryHouse, case: str
) -> None:
    more = {
        "malware": (PDF + EICAR, "DOCUMENT_MALWARE"),
        "a scanner's find": (PDF + house.infected, "DOCUMENT_MALWARE"),
        "no PDF": (picture(), "DOCUMENT_CONTENT"),
    }
    content, code = more.get(case) or (ACTIVE[case](), "DOCUMENT_ACTIVE")
    upload = await sent(client, house, content)
    for _ in range(2):
        refused = await complete(client, upload)
        assert refused.status_code in (415, 422) and refused.json()["code"] == code
    by_hand = await direct(client, content)
    assert by_hand.json()["code"] == code
    assert not house.documents and not house.uploads.lying


async def test_a_lie_about_size_or_content_is_refused_with_its_sentence(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    for told, code in (
        ({"size": len(PDF) + 1}, "UPLOAD_SIZE"),
        ({"sha256": "0" * 64}, "UPLOAD_DIGEST"),
    ):
        refused = await complete(client, await sent(client, house, PDF, **told))
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["code"]) == (422, code)
        assert error["detail_zh_hant"] != error["detail_en"]
    begun = await client.post(ADDRESS, json=stated(PDF), headers=SHENZHEN)
    absent = await complete(client, begun.json()["upload"])
    assert absent.json()["errors"][0]["code"] == "UPLOAD_ABSENT"
    assert not house.documents


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({"content_type": "image/svg+xml"}, {"UPLOAD_TYPE"}),
        ({"content_type": "text/html", "size": 0}, {"UPLOAD_TYPE", "UPLOAD_TOO_LARGE"}),
        ({"size": 20_001}, {"UPLOAD_TOO_LARGE"}),
        ({"size": True}, {"UPLOAD_STATED"}),
        ({"size": "9"}, {"UPLOAD_STATED"}),
        ({"sha256": "A" * 64}, {"UPLOAD_STATED"}),
        ({"name": "../../etc/passwd"}, {"UPLOAD_STATED"}),
        ({"name": "a\r\nSet-Cookie: b"}, {"UPLOAD_STATED"}),
        ({"name": "bill\u202efdp.exe"}, {"UPLOAD_STATED"}),
        ({"key": "system/x"}, {"UPLOAD_STATED"}),
    ],
)
async def test_a_file_that_is_stated_wrongly_gets_no_address(
    client: httpx.AsyncClient, house: MemoryHouse, told: dict[str, Any], codes: set[str]
) -> None:
    refused = await client.post(ADDRESS, json=stated(PDF, **told), headers=SHENZHEN)
    assert refused.status_code == 422
    assert {error["code"] for error in refused.json()["errors"]} == codes
    assert not house.uploads.slots


async def test_anothers_upload_is_not_found(client: httpx.AsyncClient, house: MemoryHouse) -> None:
    upload = await sent(client, house, PDF)
    for path, headers in (
        (f"{ADDRESS}/{upload}/complete", JIANGMEN),
        (f"/v1/episodes/ep_2/uploads/{upload}/complete", SHENZHEN),
        (f"{ADDRESS}/..%2f{upload}/complete", SHENZHEN),
    ):
        assert (await client.post(path, headers=headers)).status_code == 404
    assert house.uploads.lying


async def test_of_a_photo_the_picture_alone_is_kept_and_both_digests_are_told(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    photo = picture("JPEG", comment=b"CANARY")
    answer = await direct(client, photo, "image/jpeg")
    (kept,) = house.documents.values()
    assert answer.status_code == 201 and b"CANARY" in photo and b"CANARY" not in kept
    body = answer.json()
    assert body["sha256"] == hashlib.sha256(kept).hexdigest()
    assert body["sent_sha256"] == hashlib.sha256(photo).hexdigest()
    assert body["size"] == len(kept)


async def test_bytes_that_are_not_those_of_their_digest_are_refused(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    digest = base64.b64encode(hashlib.sha256(PDF).digest()).decode()
    wrong = await direct(client, PDF + b"\n", **{"Content-Digest": f"sha-256=:{digest}:"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "DOCUMENT_DIGEST")
    right = await direct(client, PDF, **{"Content-Digest": f"sha-256=:{digest}:"})
    assert right.status_code == 201 and len(house.documents) == 1


async def test_a_pdf_under_a_password_is_refused_with_what_to_do(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    writer = writer_of()
    writer.encrypt("secret")
    refused = await direct(client, written(writer))
    assert refused.json()["code"] == "DOCUMENT_LOCKED"
    assert "without one" in refused.json()["errors"][0]["detail_en"]
