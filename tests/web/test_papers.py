"""The address that a paper's code leads to: open to anybody, and silent about what stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest

from crossclaim.api.application import build_app
from crossclaim.api.paper_page import KINDS
from crossclaim.api.paper_ports import PaperFile
from crossclaim.domain.errors import NotFound
from crossclaim.domain.issued_paper import PaperKind, Verified
from crossclaim.security.roles import Principal
from tests.web.house import AUDITOR, SHENZHEN, MemoryHouse, services_over

AT = datetime(2026, 4, 1, tzinfo=UTC)
CODE = "A" * 32


class OnePaper:
    """One paper, known by its code."""

    async def verify(self, code: str, sha256: str | None) -> Verified:
        if code != CODE:
            raise NotFound("no paper was issued with this code")
        return Verified(
            kind=PaperKind.DECISION_LETTER,
            issuer="victoria-health",
            language="en",
            dated=AT,
            issued_at=AT,
            sha256="0" * 64,
            matches=None if sha256 is None else sha256 == "0" * 64,
        )

    async def of_claim(
        self, principal: Principal, claim_id: str, kind: PaperKind, language: str
    ) -> PaperFile:
        return PaperFile(number=f"{kind.value} {language}", code=CODE, content=b"%PDF-")

    async def of_guarantee(
        self, principal: Principal, guarantee_id: str, language: str
    ) -> PaperFile:
        return PaperFile(number="../../x\r\nSet-Cookie: y", code=CODE, content=b"%PDF-")

    async def settlement_list(
        self, principal: Principal, hospital: str, day: date, language: str
    ) -> PaperFile:
        raise NotFound("there is no such paper")


@pytest.fixture
def open_house(house: MemoryHouse) -> httpx.AsyncClient:
    paper = OnePaper()
    services = replace(services_over(house), papers=paper, verification=paper)
    transport = httpx.ASGITransport(build_app(services))
    return httpx.AsyncClient(transport=transport, base_url="http://api.test")


async def test_anybody_who_holds_a_paper_hears_whether_it_was_issued(
    open_house: httpx.AsyncClient,
) -> None:
    told = await open_house.get(f"/verify/{CODE}", params={"sha256": "0" * 64})
    assert told.status_code == 200
    assert told.json() == {
        "kind": "decision_letter",
        "issuer": "victoria-health",
        "language": "en",
        "dated": "2026-04-01T00:00:00Z",
        "issued_at": "2026-04-01T00:00:00Z",
        "sha256": "0" * 64,
        "matches": True,
        "superseded": False,
    }
    other = await open_house.get(f"/verify/{CODE}", params={"sha256": "1" * 64})
    assert other.json()["matches"] is False
    for code in ("B" * 32, "x" * 65, "%00", "..%2f..%2fetc"):
        assert (await open_house.get(f"/verify/{code}")).status_code in (404, 422)
    assert (await open_house.get(f"/verify/{CODE}?sha256=zz")).status_code == 422


async def test_a_papers_file_is_named_by_its_code_alone(open_house: httpx.AsyncClient) -> None:
    for path in ("/v1/guarantees/gu_1/paper", "/v1/claims/cl_1/papers/covering_letter"):
        answer = await open_house.get(path, headers=SHENZHEN)
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
        named = answer.headers["content-disposition"]
        assert named == f'attachment; filename="{CODE}-zh-Hant.pdf"'
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_papers_are_for_parties_and_their_kinds_are_known(
    open_house: httpx.AsyncClient,
) -> None:
    path = "/v1/claims/cl_1/papers/decision_letter"
    assert (await open_house.get(path)).status_code == 401
    assert (await open_house.get(path, headers=AUDITOR)).status_code == 403
    for wrong in ("settlement_list", "remittance_advice", "..%2f..%2fx"):
        answer = await open_house.get(f"/v1/claims/cl_1/papers/{wrong}", headers=SHENZHEN)
        assert answer.status_code in (404, 422)
    absent = "/v1/settlement-lists/hku-szh/2026-04-01"
    assert (await open_house.get(absent, headers=SHENZHEN)).status_code == 404


PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("language", "told", "kind"),
    [
        ("en", "was issued here", "Decision letter"),
        ("zh-Hant", "本平台曾發出", "理賠決定書"),
        ("zh-Hans", "本平台曾签发", "理赔决定书"),
    ],
)
async def test_a_browser_gets_a_page_that_says_what_it_is_and_whether_it_is_genuine(
    open_house: httpx.AsyncClient, language: str, told: str, kind: str
) -> None:
    headers = PAGE | {"Accept-Language": language}
    page = await open_house.get(f"/verify/{CODE}", headers=headers)
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert f'lang="{language}"' in page.text and told in page.text and kind in page.text
    assert "Accept" in page.headers["vary"] and "script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    chosen = await open_house.get(f"/verify/{CODE}?language={language}", headers=PAGE)
    assert told in chosen.text, "as chosen on the page"


async def test_the_page_of_a_wrong_file_or_code_says_not_to_rely_on_it(
    open_house: httpx.AsyncClient,
) -> None:
    wrong = await open_house.get(f"/verify/{CODE}", params={"sha256": "1" * 64}, headers=PAGE)
    assert "is not the one that was issued" in wrong.text and "sha256=1111" in wrong.text
    right = await open_house.get(f"/verify/{CODE}", params={"sha256": "0" * 64}, headers=PAGE)
    assert "is the one that was issued" in right.text
    stranger = await open_house.get("/verify/%3Cb%3E" + "B" * 20, headers=PAGE)
    assert stranger.status_code == 404 and "do not rely on it" in stranger.text
    assert "<b>" not in stranger.text, "what somebody typed is no markup of ours"


def test_every_kind_of_paper_has_its_name() -> None:
    assert set(KINDS) == set(PaperKind)
