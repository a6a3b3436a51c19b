"""Upload links on our rows: told once, kept as a digest, good for one request and one time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal, Role
from crossclaim.service.upload_links import UploadLinks
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.steps.asked import Asked, asked, wanted
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.rig import HARBOUR, Rig
from tests.steps.test_paper_claims import joins, sent

NOTE = "With the reference values of CHAN Tai Man."
VICTORIA = Principal(organisation=INSURER, role=Role.INSURER_SYSTEM, key_id="k1")
OTHER = Principal(organisation=HARBOUR, role=Role.INSURER_SYSTEM, key_id="k2")


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


def links(api: House, rig: Rig, ago: timedelta = timedelta()) -> UploadLinks:
    """As they were made so long ago."""
    plans = rig.world.plans
    return UploadLinks(api.database, api.keyring, lambda: plans, lambda: datetime.now(UTC) - ago)


def noted(rig: Rig) -> Asked:
    """A request with a note for whoever is asked."""
    content = claim(information=wanted("test_report"))
    content["information"]["documents"][0]["note"] = NOTE
    episode, answer = sent(rig, content)
    return Asked(rig, episode, answer)


async def test_a_link_opens_what_it_was_made_for_and_is_kept_as_a_digest(
    api: House, rig: Rig
) -> None:
    one, door = noted(rig), links(api, rig)
    made = await door.make(VICTORIA, one.episode, one.request)
    opened = await door.opened(made.link)
    assert (opened.episode_id, opened.request_id) == (one.episode, one.request)
    assert [d.note for d in opened.documents] == [NOTE]
    assert opened.principal.organisation == INSURER and opened.principal.key_id.startswith("ul_")
    asked_for = "select * from information_link where request_id = %(id)s"
    with api.database.begin(INSURER) as connection:
        (row,) = connection.execute(asked_for, {"id": one.request}).mappings()
    assert row["sha256"] == hashlib.sha256(made.link.encode()).hexdigest()
    assert made.link not in str(row) and one.episode not in made.link


async def test_a_note_stands_in_no_row_in_clear(api: House, rig: Rig) -> None:
    one = noted(rig)
    rows = rig._select("select * from information_item where episode_id = %(id)s", id=one.episode)
    assert rows[0]["note_sealed"] is not None
    assert "CHAN" not in str(rows) and b"CHAN" not in bytes(rows[0]["note_sealed"])
    assert "CHAN" not in rig.rows(one.episode).model_dump_json()


async def test_a_newer_link_a_later_day_and_a_guess_open_nothing(api: House, rig: Rig) -> None:
    one, door = asked(rig, "receipt"), links(api, rig)
    old = await door.make(VICTORIA, one.episode, one.request)
    new = await door.make(VICTORIA, one.episode, one.request)
    assert old.link != new.link and (await door.opened(new.link)).status == "open"
    over = await links(api, rig, timedelta(days=30)).make(VICTORIA, one.episode, one.request)
    for link in (old.link, new.link, over.link, f"{new.link[:-1]}*", "ul_", "", "x" * 4000):
        with pytest.raises(NotFound):
            await door.opened(link)


async def test_a_link_is_made_by_a_party_of_an_open_request_alone(api: House, rig: Rig) -> None:
    one, door = asked(rig, "receipt"), links(api, rig)
    joins(rig, one.episode, HARBOUR, "insurer")
    other = asked(rig, "receipt")
    for principal, episode in ((OTHER, one.episode), (VICTORIA, other.episode)):
        with pytest.raises(NotFound):
            await door.make(principal, episode, one.request)
    one.changes(APPROVED, withdrawn=True)
    with pytest.raises(Refused) as refused:
        await door.make(VICTORIA, one.episode, one.request)
    assert [f.code for f in refused.value.faults] == ["INFORMATION_REQUEST_CLOSED"]


async def test_the_database_shows_a_bearer_his_own_link_and_another_insurer_no_request(
    api: House, rig: Rig
) -> None:
    one = asked(rig, "receipt")
    joins(rig, one.episode, HARBOUR, "insurer")
    made = await links(api, rig).make(VICTORIA, one.episode, one.request)
    digest = hashlib.sha256(made.link.encode()).hexdigest()
    count = "select count(*) from {} where episode_id = %(id)s"
    with api.database.begin() as connection:
        values = {"id": one.episode}
        statement = count.format("information_link")
        assert connection.execute(statement, values).scalar_one() == 0
        setting = "select set_config('crossclaim.upload_link', %(sha256)s, true)"
        connection.execute(setting, {"sha256": digest})
        assert connection.execute(statement, values).scalar_one() == 1
        for table in ("information_request", "information_item", "information_event"):
            assert connection.execute(count.format(table), values).scalar_one() == 0
    for organisation, seen in ((INSURER, 1), (HARBOUR, 0)):
        with api.database.begin(organisation) as connection:
            for table in ("information_request", "information_item"):
                found = connection.execute(count.format(table), values).scalar_one()
                assert found == seen, (organisation, table)
    forged = (
        "insert into information_link (sha256, request_id, episode_id, organisation_id, role,"
        " made_by, expires_at) values ('x', %(request)s, %(id)s, %(who)s, 'r', 'k', now())"
    )
    for who in (INSURER, HARBOUR):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            api.database.begin(HARBOUR) as connection,
        ):
            connection.execute(forged, {**values, "request": one.request, "who": who})


def test_the_command_lists_what_is_asked(rig: Rig, stack: Stack) -> None:
    one = asked(rig, "receipt", "referral")
    one.sends(1)
    words = ["claims", "requests", "--status", "open", "--data-dir", str(stack.home.root)]
    shown = CliRunner().invoke(app, [*words, "--json"])
    found = {r["request"]: r for r in json.loads(shown.output)}[one.request]
    assert (found["left"], found["documents"], found["asked_of"]) == (1, 2, "patient")
    assert f"{one.request}  open" in CliRunner().invoke(app, words).output
    one.say(
        SubmissionKind.INFORMATION_CHANGE,
        {"number": "IC-CLI", "request": one.request, "withdrawn": True},
        APPROVED,
    )
    assert one.request not in CliRunner().invoke(app, words).output
