"""A document by an upload address and the letter of its claim, through API, store and database."""

from __future__ import annotations

import hashlib

import httpx

from tests.flows.hospital import Episode, Hospital
from tests.flows.simulator import Simulator
from tests.plain_files import picture
from tests.steps.paper_claims import INSURER, claim

PHOTO = picture("JPEG", comment=b"CANARY of a camera")


def test_a_photo_is_kept_without_its_camera_and_the_claims_letter_is_verified_by_its_code(
    victoria: Hospital, shenzhen: Hospital, bank: Simulator
) -> None:
    content = claim()
    answer = victoria.say("/v1/claims", content)
    episode = Episode(victoria, answer["episode_id"], content)
    stated = {"name": "收据.jpg", "content_type": "image/jpeg", "size": len(PHOTO)}
    begun = victoria.post(
        f"{episode.path}/uploads", {**stated, "sha256": hashlib.sha256(PHOTO).hexdigest()}
    )
    assert begun.status_code == 201, begun.text
    slot = begun.json()
    lie = httpx.put(slot["url"], content=PHOTO[:-1] + b"x", headers=slot["headers"])
    assert lie.status_code in (400, 403)
    done = f"{episode.path}/uploads/{slot['upload']}/complete"
    assert victoria.post(done, {}).json()["errors"][0]["code"] == "UPLOAD_ABSENT"
    sent = httpx.put(slot["url"], content=PHOTO, headers=slot["headers"])
    assert sent.status_code == 200, sent.text
    assert shenzhen.post(done, {}).status_code == 404
    kept = victoria.post(done, {})
    assert kept.status_code == 201, kept.text
    assert kept.json()["sent_sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert victoria.post(done, {}).json()["sha256"] == kept.json()["sha256"]
    episode.closed()
    path = f"/v1/claims/{answer['claim_id']}/papers/decision_letter?language=zh-Hans"
    assert shenzhen.get(path).status_code == 404
    letter, again = victoria.get(path), victoria.get(path)
    assert letter.status_code == 200 and letter.content == again.content
    code = letter.headers["content-disposition"].partition('"')[2][:32]
    told = httpx.get(
        f"{victoria.address}/verify/{code}",
        params={"sha256": hashlib.sha256(letter.content).hexdigest()},
        trust_env=False,
    )
    body = told.json()
    assert (body["kind"], body["issuer"]) == ("decision_letter", INSURER)
    assert (body["matches"], body["superseded"]) == (True, False)
