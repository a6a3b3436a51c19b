"""An insurer asks for documents, whoever holds its link sends them, and the claim goes on."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from crossclaim.stack import Stack
from tests.flows.hospital import Body, Episode, Hospital
from tests.flows.simulator import Simulator
from tests.plain_files import pdf_of
from tests.steps.asked import wanted
from tests.steps.paper_claims import claim

REPORT = pdf_of("the test report")
RECEIPT = pdf_of("the receipt")
ANOTHER = pdf_of("another test report")
PDF = {"content-type": "application/pdf"}


@pytest.fixture(scope="module")
def bearer(flow_stack: Stack) -> Iterator[httpx.Client]:
    """A patient: no key, only what link he was given."""
    with httpx.Client(base_url=flow_stack.urls.api, timeout=60, trust_env=False) as client:
        yield client


def asked(victoria: Hospital, *kinds: str) -> tuple[Episode, str, str]:
    """The episode, its request, and a link to it."""
    content = claim(information=wanted(*kinds))
    content["information"]["documents"][0]["note"] = "With the reference values."
    answer = victoria.say("/v1/claims", content)
    episode = Episode(victoria, answer["episode_id"], content)
    request = answer["information"]["request"]
    return episode, request, linked(victoria, episode, request)


def linked(victoria: Hospital, episode: Episode, request: str) -> str:
    made = victoria.post(f"{episode.path}/information-requests/{request}/links", {})
    assert made.status_code == 201, made.text
    return str(made.json()["url"])


def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code in (400, 415, 422), answer.text
    return [error["code"] for error in answer.json()["errors"]]


def test_documents_come_in_part_by_the_link_and_the_last_one_pays_the_member(
    victoria: Hospital, bearer: httpx.Client, bank: Simulator
) -> None:
    episode, request, link = asked(victoria, "test_report", "receipt", "referral")
    seen = bearer.get(link).json()
    assert [one["status"] for one in seen["documents"]] == ["wanted"] * 3
    assert seen["documents"][0]["note"] == "With the reference values."
    assert codes(bearer.put(f"{link}/1", content=b"no pdf", headers=PDF)) == ["DOCUMENT_CONTENT"]
    bad = {**PDF, "content-digest": "sha-256=:AAAA:"}
    assert codes(bearer.put(f"{link}/1", content=REPORT, headers=bad)) == ["DOCUMENT_DIGEST"]
    digest = base64.b64encode(hashlib.sha256(REPORT).digest()).decode()
    good = {**PDF, "content-digest": f"sha-256=:{digest}:"}
    with ThreadPoolExecutor(4) as threads:
        sends = [
            threads.submit(bearer.put, f"{link}/1", content=REPORT, headers=good) for _ in range(4)
        ]
        answers = [one.result() for one in sends]
    assert [one.status_code for one in answers] == [200] * 4, [one.text for one in answers]
    assert {one.text for one in answers} == {answers[0].text}
    assert answers[0].json()["left"] == 2
    other = bearer.put(f"{link}/1", content=RECEIPT, headers=PDF)
    assert codes(other) == ["INFORMATION_ITEM_ANSWERED"]
    same = bearer.put(f"{link}/2", content=REPORT, headers=PDF)
    assert codes(same) == ["INFORMATION_SAME_DOCUMENT"]
    assert bearer.put(f"{link}/4", content=RECEIPT, headers=PDF).status_code == 404
    assert episode.rows()["claims"][0]["state"] == "due"
    assert bearer.put(f"{link}/2", content=RECEIPT, headers=PDF).json()["left"] == 1
    lost = bearer.post(f"{link}/3/not-had", params={"reason": "never_issued"})
    assert lost.json()["request_status"] == "answered"
    rows = episode.closed()
    assert [(p["state"], p["payee"]) for p in rows["payouts"]] == [("credited", "patient")]
    documents = f"{episode.path}/information-requests/{request}/documents"
    assert victoria.get(f"{documents}/1").content == REPORT
    assert victoria.get(f"{documents}/3").status_code == 404
    story = [line["text"] for line in victoria.get(f"{episode.path}/story").json()["story"]]
    assert any("asked the patient for the test report, the receipt" in text for text in story)
    assert any(text.startswith("All of request") for text in story)
    late = bearer.put(f"{link}/3", content=pdf_of("late"), headers=PDF)
    assert codes(late) == ["INFORMATION_REQUEST_CLOSED"]


def test_a_link_opens_its_own_request_alone_and_ends_with_the_next_one(
    victoria: Hospital, bearer: httpx.Client, shenzhen: Hospital, bank: Simulator
) -> None:
    episode, request, first = asked(victoria, "test_report")
    other, of_other, second = asked(victoria, "test_report")
    page: Body = bearer.get(first).json()
    text = str(page)
    content = episode.submission
    for secret in (content["patient"]["name"]["en"], content["account"]["number"], episode.path):
        assert secret not in text and secret not in first
    assert request not in first and page["number"] == content["information"]["number"]
    # Another claim's request is not reached through it, by whatever address.
    assert bearer.put(f"{first}/2", content=ANOTHER, headers=PDF).status_code == 404
    assert bearer.put(f"{first}/1", content=ANOTHER, headers=PDF).status_code == 200
    requests = {r["request"]: r for r in listed(victoria, other)}
    assert requests[of_other]["status"] == "open" and len(requests) == 1
    assert bearer.get(second).json()["documents"][0]["status"] == "wanted"
    renewed = linked(victoria, other, of_other)
    assert bearer.get(second).status_code == bearer.get(f"{second[:-1]}x").status_code == 404
    assert bearer.put(f"{second}/1", content=ANOTHER, headers=PDF).status_code == 404
    assert bearer.get(renewed).status_code == 200
    # Nobody else makes a link, reads the request or answers it.
    path = f"{other.path}/information-requests"
    assert shenzhen.get(path).status_code == 404
    assert shenzhen.post(f"{path}/{of_other}/links", {}).status_code == 404
    assert victoria.post(f"{path}/{request}/links", {}).status_code == 404
    answer = {"request": of_other, "item": 1, "cannot_be_had": "lost"}
    assert shenzhen.post(f"{other.path}/information-answers", answer).status_code == 404
    opened = victoria.get("/v1/information-requests?status=open").json()["information_requests"]
    assert of_other in [one["request"] for one in opened]
    assert request not in [one["request"] for one in opened]
    episode.closed()
    withdrawn = {"number": "IC-1", "request": of_other, "withdrawn": True}
    assert other.say("information-changes", withdrawn)["status"] == "withdrawn"
    other.closed()


def listed(victoria: Hospital, episode: Episode) -> list[Body]:
    found: list[Body] = victoria.get(f"{episode.path}/information-requests").json()[
        "information_requests"
    ]
    return found
