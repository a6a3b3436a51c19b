"""An episode's pages on PostgreSQL: the answer, clocks, ledger, versions, messages, documents, its
past; and what another party of the same episode must not see of them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Iterator
from html import unescape

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.services import ConsoleServices
from crossclaim.domain.running_balance import running
from crossclaim.engine import EpisodeEngine
from crossclaim.security.roles import HOSPITAL_ROLES, Principal, Role
from crossclaim.service.accesses import StoredAccesses
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.console_episode import EpisodeDesk
from crossclaim.service.documents import StoredDocuments
from crossclaim.service.story import teller_of
from crossclaim.stack import Stack
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import House
from tests.plain_files import pdf_of, picture
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.clinic import DAUGHTER, PERSON, POOL, Clinic, fund
from tests.steps.console_visitor import SignedIn
from tests.steps.record_parties import Shelf
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig, policy_number
from tests.steps.two_insurers import first_there, second_here

SUPPORT = ("crossclaim", Role.SUPPORT)
PNG = picture("PNG")


class Console(SignedIn):
    """The pages over the folder's database, with documents on a shelf."""

    def __init__(self, own: House, desk: ConsoleDesk) -> None:
        super().__init__()
        self.own, self.desk, self.shelf = own, desk, Shelf()
        self.reads = EpisodeDesk(desk, own.keyring, self.shelf)
        services = ConsoleServices(
            desk=desk, visitors=self, reference=own.reference, episode=self.reads
        )
        app = Starlette(routes=[Mount(PREFIX, build_console(services))])
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://desk")
        self.sign_in(*SUPPORT)

    @property
    def me(self) -> Principal:
        return self.now[-1].principal

    async def get(self, path: str, language: str = "en") -> httpx.Response:
        headers = {"accept-language": language}
        return await self.client.get(f"{PREFIX}{path}", headers=headers)

    async def page(self, path: str, language: str = "en") -> str:
        answer = await self.get(path, language)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-400:])
        return unescape(answer.text)

    async def send(self, path: str, text: str) -> httpx.Response:
        form = {"csrf": self.csrf, "text": text}
        headers = {"accept-language": "en"}
        return await self.client.post(f"{PREFIX}{path}", data=form, headers=headers)

    async def upload(self, organisation: str, episode: str, kind: str, content: bytes) -> str:
        door = StoredDocuments(self.own.database, self.shelf, self.own.keyring)
        role = Role.HOSPITAL_BILLING if organisation == HOSPITAL else Role.INSURER_SYSTEM
        who = Principal(organisation=organisation, role=role, key_id="k")
        return await door.put(who, episode, kind, content)


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House]]:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
async def console(rig: Rig, houses: tuple[House, House]) -> AsyncIterator[Console]:
    own, every = houses
    client = await own.client(lazy=True)
    tellers = teller_of(own, client), teller_of(every, client)
    engine = EpisodeEngine(client)
    desk = ConsoleDesk(own.database, every.database, own.keyring, *tellers, engine)
    console = Console(own, desk)
    yield console
    await console.client.aclose()


@pytest.fixture
def visited(rig: Rig) -> str:
    visit = rig.visit(policy_number())
    visit.accepted()
    return visit.episode


@pytest.fixture(scope="module")
def corrected(rig: Rig) -> Cycle:
    """A stay of two insurers whose bill was confirmed and then corrected."""
    stay = Cycle.opened(rig, [first_there(), second_here(3)], version=1)
    assert isinstance(stay, Cycle)
    stay.send(stay.bill)
    stay.confirmed()
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.confirmed()
    return stay


def main_of(page: str) -> str:
    return page.split("<main", 1)[1]


def answer_of(page: str) -> str:
    found = re.search(r'id="why-unpaid">.*?<p class="lead">(.*?)</p>', page, re.DOTALL)
    assert found, "the answer stands at the top"
    return found[1]


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", " is "), ("zh-Hant", "尚未"), ("zh-Hans", "尚未")],
)
async def test_the_top_of_an_episode_answers_why_nobody_has_been_paid(
    console: Console, visited: str, language: str, says: str
) -> None:
    page = await console.page(f"/episodes/{visited}", language)
    answer = answer_of(page)
    assert says in answer and "{" not in answer
    assert answer.endswith("." if language == "en" else "。")
    # Before anything else of the episode, and on its history too.
    assert main_of(page).index("why-unpaid") < main_of(page).index('id="stages"')
    assert answer_of(await console.page(f"/episodes/{visited}/history", language)) == answer


async def test_from_the_start_page_it_takes_two_clicks(console: Console, visited: str) -> None:
    """The search box, and the only match: its page begins with the answer."""
    start = await console.page("/episodes")
    assert 'action="/console/episodes"' in start
    found = await console.send("/episodes", visited)
    assert found.status_code == 303
    answer_of(await console.page(found.headers["location"].removeprefix(PREFIX)))


async def test_the_ledger_stands_entry_by_entry_with_balances_that_end_even_with_the_sums(
    console: Console, corrected: Cycle
) -> None:
    details = await console.reads.details(console.me, corrected.episode)
    entries = running(details.postings)
    page = await console.page(f"/episodes/{corrected.episode}")
    assert len(entries) > 10
    last = {(e.posting.account, e.posting.currency): e.balance.amount_minor for e in entries}
    told = await console.desk.told(console.me, corrected.episode, "en")
    sums = {
        (b.account, b.balance.currency): b.balance.amount_minor for b in told.story.money.balances
    }
    assert last == sums
    assert page.count('class="entry"') == sum(e.first for e in entries)


async def test_letters_and_versions_stand_on_the_overview(
    console: Console, corrected: Cycle
) -> None:
    page = await console.page(f"/episodes/{corrected.episode}")
    assert "Letters of guarantee" in page
    assert 'name="from"' in page, "two versions can be compared"


async def test_two_versions_are_compared_line_by_line_in_each_partys_own_part(
    console: Console, corrected: Cycle
) -> None:
    number = corrected.bill["number"]
    path = f"/episodes/{corrected.episode}/bills/{number}/difference?from=1&to=2"
    page = await console.page(path)
    assert "CNY +1,000.00" in page
    assert "Kowloon Mutual" in page and "Harbour Life" in page
    console.sign_in(HARBOUR, Role.INSURER_EXAMINER)
    own = main_of(await console.page(path))
    assert "Harbour Life" in own and "Kowloon Mutual" not in own
    for odd in ("from=1&to=9", "from=x&to=2", "to=2", "from=1&to=" + "9" * 30):
        answer = await console.get(f"{path.partition('?')[0]}?{odd}")
        assert answer.status_code == 404, odd


async def test_of_an_episode_of_two_insurers_each_sees_its_own_money_and_messages(
    console: Console, rig: Rig, corrected: Cycle
) -> None:
    console.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    page = main_of(await console.page(f"/episodes/{corrected.episode}"))
    assert "Harbour Life" not in page and HARBOUR not in page
    details = await console.reads.details(console.me, corrected.episode)
    assert all(MUTUAL in one.account.split(":") for one in details.postings)
    claims = {c.id for c in rig.rows(corrected.episode).claims if c.organisation_id == MUTUAL}
    assert set(details.decisions) <= claims


async def test_the_history_as_of_a_moment_shows_stages_and_money_as_they_stood(
    console: Console, visited: str
) -> None:
    path = f"/episodes/{visited}/history"
    first = await console.page(f"{path}?upto=1")
    assert "As it stood at" in first and "No bill had been split." in first
    told = await console.desk.told(console.me, visited, "en")
    billed = next(n for n, one in enumerate(told.story.lines, 1) if one.kind.startswith("bill_"))
    then = await console.page(f"{path}?upto={billed}")
    assert "CNY 900.00" in then and "No bill had been split." not in then
    # Any moment, in the region's time; nothing after it is told.
    long_ago = await console.page(f"{path}?at=2001-01-01T00:00")
    assert "No bill had been split." in long_ago and '<li value="' not in long_ago
    for odd in ("at=yesterday", "at=9999-99-99", "at=0001-01-01T00:00", "upto=-3", "upto=%00"):
        assert "As it stood at" not in await console.page(f"{path}?{odd}"), odd


async def test_the_history_folds_by_step_and_says_what_the_engine_cannot_tell(
    console: Console, visited: str
) -> None:
    page = await console.page(f"/episodes/{visited}/history")
    assert page.count('<details class="fold" open>') >= 3
    assert "Temporal does not answer: what follows is told from our rows alone" in page


async def test_an_operator_reads_no_money_messages_or_documents(
    console: Console, visited: str, clinic: Clinic
) -> None:
    looked_up = clinic.open(DAUGHTER, fund(POOL)).episode
    attempt = (await console.reads.details(console.me, looked_up)).told[0]
    sha256 = await console.upload(HOSPITAL, visited, "application/pdf", pdf_of())
    console.sign_in("crossclaim", Role.OPERATOR)
    past = await console.page(f"/episodes/{visited}/history?upto=5")
    assert "why-unpaid" not in past
    assert "CNY" not in past.split('aria-labelledby="past"')[1].split("</section>")[0]
    for path in (
        f"/episodes/{looked_up}/messages/{attempt}",
        f"/episodes/{visited}/papers/{sha256}",
        f"/episodes/{visited}/papers/{sha256}/content",
    ):
        assert (await console.get(path)).status_code == 403, path
        assert (await console.send(f"{path}/in-clear", "why")).status_code in (403, 404, 405), path


async def test_what_was_said_to_a_party_is_kept_sealed_and_shown_masked(
    console: Console, rig: Rig, clinic: Clinic
) -> None:
    episode = clinic.open(DAUGHTER, fund(POOL)).episode
    kept = rig._select("select * from outbound_message where episode_id = %(id)s", id=episode)
    assert kept and all(row["sealed"] for row in kept)
    for row in kept:
        assert DAUGHTER.encode() not in bytes(row["sealed"])
        assert PERSON[DAUGHTER].encode() not in bytes(row["sealed"])
    attempt = kept[0]["attempt_id"]
    overview = await console.page(f"/episodes/{episode}")
    assert f"/messages/{attempt}" in overview
    page = await console.page(f"/episodes/{episode}/messages/{attempt}")
    assert "infno" in page and DAUGHTER not in page and PERSON[DAUGHTER] not in page
    assert "***" in page


async def test_support_sees_a_message_in_clear_with_a_reason_that_the_patient_can_learn_of(
    console: Console, rig: Rig, clinic: Clinic
) -> None:
    episode = clinic.open(DAUGHTER, fund(POOL)).episode
    attempt = (await console.reads.details(console.me, episode)).told[0]
    path = f"/episodes/{episode}/messages/{attempt}/in-clear"
    nothing = await console.send(path, "   ")
    assert DAUGHTER not in nothing.text and "Nothing was done" in nothing.text
    clear = await console.send(path, "the bureau asks about this person")
    assert clear.status_code == 200 and DAUGHTER in clear.text
    assert "the bureau asks about this person" in await console.page(f"/episodes/{episode}")
    assert "had personal data of the episode shown in clear" in await console.page(
        f"/episodes/{episode}/history"
    )
    hospital = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="k")
    stored = StoredAccesses(console.own.database)
    told = await stored.accesses(hospital, episode, "en", 200, None)
    looks = [one for one in told["accesses"] if one["operation"] == "show_in_clear"]
    assert len(looks) == 2 and {one["organisation"] for one in looks} == {"crossclaim"}
    sealed = rig._select("select sealed from staff_note where episode_id = %(id)s", id=episode)
    assert len(sealed) == 1 and b"bureau asks" not in bytes(sealed[0]["sealed"])
    # Nothing is kept about a message that is not there.
    assert (
        await console.send(f"/episodes/{episode}/messages/999/in-clear", "x")
    ).status_code == 404
    assert len(rig._select("select 1 from staff_note where episode_id = %(id)s", id=episode)) == 1


async def test_nobody_else_has_anything_shown_in_clear(console: Console, clinic: Clinic) -> None:
    episode = clinic.open(DAUGHTER, fund(POOL)).episode
    attempt = (await console.reads.details(console.me, episode)).told[0]
    for role in set(Role) - {Role.SUPPORT, Role.SUPPORT_SUPERVISOR}:
        console.sign_in(HOSPITAL if role in HOSPITAL_ROLES else "crossclaim", role)
        answer = await console.send(f"/episodes/{episode}/messages/{attempt}/in-clear", "why")
        assert answer.status_code == 403 and DAUGHTER not in answer.text, role


async def test_an_insurer_reads_no_message_of_another_party_even_by_its_number(
    console: Console, rig: Rig, visited: str
) -> None:
    def kept(party: str) -> int:
        with rig.database.begin() as connection:
            attempt: int = connection.execute(
                "insert into outbound_attempt (episode_id, party, operation, reference, attempt,"
                " occurred_at) values (%(id)s, %(party)s, 'x', %(ref)s, 1, now()) returning id",
                {"id": visited, "party": party, "ref": f"X-{party}-{visited}"},
            ).scalar_one()
            connection.execute(
                "insert into outbound_message (attempt_id, ordinal, episode_id, party, method,"
                " took_ms, request_bytes, answer_bytes) values (%(at)s, 1, %(id)s, %(party)s,"
                " 'GET', 1, 0, 0)",
                {"at": attempt, "id": visited, "party": party},
            )
        return attempt

    own, others = kept(MUTUAL), kept("voucher")
    console.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    assert (await console.get(f"/episodes/{visited}/messages/{own}")).status_code == 200
    assert (await console.get(f"/episodes/{visited}/messages/{others}")).status_code == 404
    # Not even the database's rules let it: nobody relies on the page alone.
    with console.own.database.begin(MUTUAL) as connection:
        seen = connection.execute(
            "select party from outbound_message where episode_id = %(id)s", {"id": visited}
        ).scalars()
    assert seen == [MUTUAL]
    console.sign_in("jiangmen-central", Role.HOSPITAL_BILLING)
    assert (await console.get(f"/episodes/{visited}/messages/{own}")).status_code == 404
    for odd in ("0", "x", "-1", "9" * 40, "%00", "1%2F2"):
        assert (await console.get(f"/episodes/{visited}/messages/{odd}")).status_code == 404, odd


def page_of(page: str) -> str:
    found = re.search(r'<img[^>]* src="/console([^"]*page=1)"', page)
    assert found, "the first page is drawn"
    return unescape(found[1])


def frame_of(page: str) -> str:
    found = re.search(r'<iframe[^>]* src="/console([^"]*)"', page)
    assert found, "the document stands in a frame"
    return found[1]


async def test_a_hospital_looks_at_its_picture_in_a_frame_that_can_do_nothing(
    console: Console, visited: str
) -> None:
    sha256 = await console.upload(HOSPITAL, visited, "image/png", PNG)
    console.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    assert f"/papers/{sha256}" in await console.page(f"/episodes/{visited}")
    page = await console.page(f"/episodes/{visited}/papers/{sha256}")
    shown = await console.get(f"/episodes/{visited}/papers/{sha256}")
    assert "frame-src 'self'" in shown.headers["content-security-policy"]
    file = await console.get(frame_of(page))
    assert file.content == PNG and file.headers["content-type"] == "image/png"
    policy = file.headers["content-security-policy"]
    assert policy.startswith("sandbox;") and "default-src 'none'" in policy
    assert "script-src" not in policy and "frame-ancestors 'self'" in policy
    assert file.headers["x-content-type-options"] == "nosniff"
    # Without the pass of a page of ours, or in another session, there is nothing.
    bare = f"/episodes/{visited}/papers/{sha256}/content"
    assert (await console.get(bare)).status_code == 403
    assert (await console.get(f"{bare}?pass=1-2")).status_code == 403
    console.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    assert (await console.get(frame_of(page))).status_code == 403


async def test_of_a_pdf_a_browser_gets_pages_that_were_drawn_here_and_never_the_file(
    console: Console, visited: str
) -> None:
    sha256 = await console.upload(HOSPITAL, visited, "application/pdf", pdf_of())
    console.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    path = f"/episodes/{visited}/papers/{sha256}"
    page = await console.page(path)
    assert "<iframe" not in page and "<object" not in page and "<embed" not in page
    assert "frame-src" not in (await console.get(path)).headers["content-security-policy"]
    drawn = await console.get(page_of(page))
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.content.startswith(b"\x89PNG")
    assert "sandbox" in drawn.headers["content-security-policy"]
    for odd in ("&page=2", "&page=0", "&page=x", ""):
        answer = await console.get(page_of(page).replace("&page=1", odd))
        inline = answer.headers.get("content-disposition", "").startswith("inline")
        assert answer.status_code == 404 or not inline, "the file itself is only saved"
    bare = f"{path}/content?page=1"
    assert (await console.get(bare)).status_code == 403


async def test_what_is_no_image_and_no_pdf_is_downloaded_and_never_shown(
    console: Console, visited: str
) -> None:
    sha256 = await console.upload(HOSPITAL, visited, "text/html", b"<script>alert(1)</script>")
    console.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    page = await console.page(f"/episodes/{visited}/papers/{sha256}")
    assert "<iframe" not in page
    found = re.search(r'href="/console([^"]*as=file)"', page)
    assert found
    file = await console.get(found[1])
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")


async def test_staff_say_why_before_they_look_at_a_document(
    console: Console, rig: Rig, visited: str
) -> None:
    sha256 = await console.upload(HOSPITAL, visited, "application/pdf", pdf_of())
    path = f"/episodes/{visited}/papers/{sha256}"
    assert "page=1" not in await console.page(path)
    assert "page=1" not in (await console.send(f"{path}/in-clear", " ")).text
    shown = await console.send(f"{path}/in-clear", "the claim's invoice cannot be read")
    assert (await console.get(page_of(shown.text))).content.startswith(b"\x89PNG")
    looks = rig._select(
        "select operation from audit where object = %(id)s and outcome = '200'", id=visited
    )
    assert {"read_paper", "show_in_clear"} <= {row["operation"] for row in looks}
    console.sign_in("crossclaim", Role.AUDITOR)
    assert (await console.get(path)).status_code == 403


async def test_whoever_knows_his_own_session_still_says_why_first(
    console: Console, visited: str
) -> None:
    """The token of a session's forms stands on its pages: with it nobody signs an address."""
    sha256 = await console.upload(HOSPITAL, visited, "application/pdf", pdf_of())
    content, until = f"/episodes/{visited}/papers/{sha256}/content", 99_999_999_999
    about = f"{console.me.actor} {console.me.role} {sha256} {until}"
    for signed in (about, f"{about} {visited}", f"{visited} {about}"):
        forged = hmac.new(console.csrf.encode(), signed.encode(), hashlib.sha256).hexdigest()
        assert (await console.get(f"{content}?pass={until}-{forged}")).status_code == 403


async def test_an_insurer_sees_of_the_documents_those_that_it_sent_or_asked_for(
    console: Console, visited: str
) -> None:
    hospitals = await console.upload(HOSPITAL, visited, "application/pdf", pdf_of())
    own = await console.upload(MUTUAL, visited, "image/png", PNG)
    console.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    page = await console.page(f"/episodes/{visited}")
    assert own[:12] in page and hospitals[:12] not in page
    assert (await console.get(f"/episodes/{visited}/papers/{own}")).status_code == 200
    assert (await console.get(f"/episodes/{visited}/papers/{hospitals}")).status_code == 404
    console.sign_in("jiangmen-central", Role.HOSPITAL_BILLING)
    assert (await console.get(f"/episodes/{visited}/papers/{own}")).status_code == 404
    for odd in ("0" * 64, "x", "..%2F..", "A" * 64):
        assert (await console.get(f"/episodes/{visited}/papers/{odd}")).status_code == 404, odd


async def test_a_note_names_the_person_and_no_internal_id(
    console: Console, rig: Rig, visited: str
) -> None:
    people = SqlPeople(rig.database, console.own.keyring)
    person = people.add(
        "crossclaim", "https://idp.example", f"s-{visited}", "Lee Ka Yan", ["support"]
    )
    console.sign_in(*SUPPORT, person=person)
    assert (await console.send(f"/episodes/{visited}/notes", "called")).status_code == 303
    page = await console.page(f"/episodes/{visited}")
    assert "Lee Ka Yan" in page and "pn_" not in main_of(page)


async def test_an_episode_without_bill_claim_or_message_stands_in_every_language(
    console: Console, rig: Rig
) -> None:
    episode = rig.open([{"funder": "voucher"}])
    for language in ("en", "zh-Hant", "zh-Hans"):
        page = await console.page(f"/episodes/{episode}", language)
        assert 'id="guarantees"' in page and 'id="documents"' in page
        answer_of(page)
