"""An episode's pages: short and long, in three languages, with odd words in every place."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from crossclaim.console.episode_port import DecidedLine, EpisodeDetails, Paper, SentMessage
from crossclaim.domain.bill_difference import BillVersion, ChargedLine, difference
from crossclaim.domain.money import Currency, counted, fen
from crossclaim.domain.records import AllocationRow, EpisodeRows
from crossclaim.domain.running_balance import LedgerPosting
from crossclaim.domain.story_facts import PendingStep, RunEvent, RunFacts, Runs, StoryFacts
from crossclaim.security.roles import Role
from tests.unit import test_as_of as scene
from tests.unit.story_scene import EPISODE, HOSPITAL, INSURER, START, minute, rows_of
from tests.web.console_house import Pages

LANGUAGES = ("en", "zh-Hant", "zh-Hans")
SCRIPT = "<script>alert('張')</script>"
HERE = f"/episodes/{EPISODE}"
LONG = 300


def share(line: int, funder: str, organisation: str | None, minor: int) -> dict[str, Any]:
    return {
        "line": line,
        "funder": funder,
        "organisation": organisation,
        "amount": fen(minor).model_dump(),
        "reasons": ["VOUCHER_GOODS_ONLY"],
    }


def split_of(lines: int) -> dict[str, Any]:
    """Every line shared by an insurer that counts in dollars, one that counts in patacas, and the
    patient."""
    funders = [("insurer", INSURER), ("insurer", "pearl-assurance"), ("patient", None)]
    shares = [share(n, f, o, 100) for n in range(1, lines + 1) for f, o in funders]
    own = {INSURER: Currency.HKD, "pearl-assurance": Currency.MOP}
    totals = [
        {
            "funder": f,
            "organisation": o,
            "amount": fen(100 * lines).model_dump(),
            **(
                {"in_funder_currency": counted(108 * lines, own[o]).model_dump()}
                if o is not None
                else {}
            ),
        }
        for f, o in funders
    ]
    return {
        "total": fen(300 * lines).model_dump(),
        "totals": totals,
        "shares": shares,
        "rules": [{"plan": "gba-network-hk", "version": "417147645d595c2b", "on": "2026-03-11"}],
    }


def billed(lines: int) -> EpisodeRows:
    bill = {**scene._BILL, "state": "current", "total_minor": 300 * lines}
    row = AllocationRow.model_validate({"bill_id": "bl_1", "version": 1, "result": split_of(lines)})
    return scene.rows().model_copy(
        update={
            "bills": [scene.rows().bills[0].model_copy(update=bill)],
            "allocations": [row],
        }
    )


def posting(entry: int) -> LedgerPosting:
    at = START + timedelta(minutes=entry)
    return LedgerPosting(
        entry=entry,
        kind="bill",
        account=f"hospital:{HOSPITAL}:bills",
        account_kind="hospital_bills",
        amount_minor=100 if entry % 2 else -100,
        currency=Currency.CNY,
        occurred_at=at,
        recorded_at=at,
    )


def empty() -> Pages:
    facts = StoryFacts.model_validate(rows_of())
    episode = scene.rows().episode.model_copy(update={"status": "open", "closed_at": None})
    return Pages(facts, EpisodeRows(episode=episode))


@pytest.mark.parametrize(("lines", "language"), [(0, "en"), (1, "zh-Hant"), (LONG, "zh-Hans")])
async def test_a_bill_of_any_length_falls_from_the_whole_to_its_funders(
    lines: int, language: str
) -> None:
    pages = Pages(scene.facts(), billed(lines))
    page = await pages.page(HERE, language)
    assert page.count('<details class="fall">') == 3
    assert page.count("VOUCHER_GOODS_ONLY") == 0, "a reason is told in words"
    if lines:
        assert f"HKD {1.08 * lines:,.2f}" in page and f"MOP {1.08 * lines:,.2f}" in page
    # Each bar opens into its lines, and no line is told twice.
    assert len(re.findall(r'<td class="number">\d+</td><td class="number">CNY', page)) == 3 * lines
    lefts = [int(x) for x in re.findall(r'class="funder-\w+" x="(\d+)"', page)]
    assert lefts == sorted(lefts) and all(0 <= one < 1000 for one in lefts)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_episode_with_nothing_in_it_says_so_in_each_part(language: str) -> None:
    page = await empty().page(HERE, language)
    for part in ("clocks", "money", "guarantees", "claims", "payouts", "documents", "messages"):
        section = page.split(f'aria-labelledby="{part}"')[1].split("</section>")[0]
        assert '<p class="muted">' in section, part
    history = await empty().page(f"{HERE}/history", language)
    assert 'class="fold"' in history


@pytest.mark.parametrize("language", LANGUAGES)
async def test_ledger_decisions_papers_and_notes_stand_with_what_belongs_to_them(
    language: str,
) -> None:
    paper = Paper(
        sha256="a" * 64,
        organisation=HOSPITAL,
        content_type="image/png",
        size_bytes=12_345,
        recorded_at=START,
        mine=True,
    )
    pages = Pages(
        scene.facts(),
        scene.rows(),
        detail=EpisodeDetails(
            postings=[posting(n) for n in range(1, 41)],
            papers=[paper, paper.model_copy(update={"mine": False, "sha256": "b" * 64})],
            decisions={"cl_1": [DecidedLine(line=1, benefit=fen(100), reasons=["TECH"])]},
        ),
    )
    page = await pages.page(HERE, language)
    assert page.count('<tr class="entry">') == 40
    assert f"/papers/{'a' * 64}" in page and f"/papers/{'b' * 64}" not in page
    assert "12,345" in page
    assert ">TECH<" not in page


async def test_a_script_in_any_word_is_told_as_a_text() -> None:
    facts = scene.facts()
    episode = facts.episode.model_copy(update={"visit_number": SCRIPT})
    bills = [b.model_copy(update={"number": SCRIPT}) for b in scene.rows().bills]
    pages = Pages(
        facts.model_copy(update={"episode": episode}),
        scene.rows().model_copy(update={"bills": bills}),
        said=[
            SentMessage(
                method="POST",
                path=f"/{SCRIPT}",
                status=200,
                took_ms=5,
                request_bytes=9,
                answer_bytes=9,
                request={"name": SCRIPT},
                answer=[SCRIPT],
            )
        ],
    )
    for path in (HERE, f"{HERE}/history", f"{HERE}/messages/1"):
        page = await pages.page(path)
        assert "<script>alert" not in page, path
    shown = await pages.page(f"{HERE}/messages/1")
    assert "alert" in unescape(shown)


async def test_a_message_is_shown_in_clear_only_after_a_reason() -> None:
    one = SentMessage(
        method="POST", path="/x", status=None, took_ms=5, request_bytes=0, answer_bytes=0
    )
    pages = Pages(scene.facts(), scene.rows(), said=[one])
    assert "are masked" in await pages.page(f"{HERE}/messages/7")
    refused = await pages.send(f"{HERE}/messages/7/in-clear", text="  ")
    assert "Nothing was done" in refused.text and pages.reasons == []
    clear = await pages.send(f"{HERE}/messages/7/in-clear", text="the insurer asks")
    assert "Shown in clear" in clear.text and pages.reasons == ["the insurer asks"]
    assert ("show_in_clear", "200") in pages.looks
    forged = await pages.send(f"{HERE}/messages/7/in-clear", text="typed at length", csrf="x")
    assert forged.status_code == 403 and "typed at length" in forged.text
    pages.sign_in("crossclaim", Role.AUDITOR)
    assert "in-clear" not in await pages.page(f"{HERE}/messages/7")


@pytest.mark.parametrize("language", ["zh-Hant"])
async def test_two_long_versions_are_compared_line_by_line(language: str) -> None:
    def version(number: int, lines: int) -> BillVersion:
        row = AllocationRow.model_validate(
            {"bill_id": "b", "version": 1, "result": split_of(lines)}
        )
        return BillVersion(
            version=number,
            result=row.result,
            lines=[
                ChargedLine(
                    number=n,
                    category="drug",
                    code=f"D-{n}",
                    service_date=date(2026, 3, 9),
                    quantity=1,
                    amount=fen(300),
                )
                for n in range(1, lines + 1)
            ],
        )

    pages = Pages(scene.facts(), scene.rows(), compared=difference(version(1, 0), version(2, LONG)))
    page = await pages.page(f"{HERE}/bills/B%2F1/difference?from=1&to=2", language)
    assert page.count('class="line-added"') == LONG
    assert "CNY +900.00" in page
    same = difference(version(1, 1), version(2, 1))
    pages = Pages(scene.facts(), scene.rows(), compared=same)
    page = await pages.page(f"{HERE}/bills/B1/difference?from=1&to=2", language)
    assert "line-added" not in page and '<p class="muted">' in page


@pytest.mark.parametrize("language", ["zh-Hans"])
async def test_the_past_is_told_for_every_line_and_never_more_than_was_known(
    language: str,
) -> None:
    pages = Pages(
        scene.facts(),
        scene.rows(),
        detail=EpisodeDetails(postings=[posting(n) for n in range(1, 41)]),
    )
    count = int(re.findall(r'max="(\d+)"', await pages.page(f"{HERE}/history", language))[0])
    assert count > 8
    for upto in range(1, count):
        page = await pages.page(f"{HERE}/history?upto={upto}", language)
        assert page.count('<li value="') + page.count('class="unusual" value="') == upto
        assert 'aria-labelledby="past"' in page


@pytest.mark.parametrize(
    ("number", "bill", "payout"), [(4, "", ""), (8, "CNY 1,000.00", ""), (31, "", "has been sent")]
)
async def test_any_moment_shows_money_and_payouts_as_they_stood(
    number: int, bill: str, payout: str
) -> None:
    pages = Pages(scene.facts(), scene.rows())
    at = minute(number)[:19].replace("T01", "T09")
    page = await pages.page(f"{HERE}/history?at={at}")
    past = page.split('aria-labelledby="past"')[1].split("</section>")[0]
    assert ("PO1" in past) == bool(payout)
    assert bill in past
    if not bill and not payout:
        assert "No bill had been split." in past


async def test_tries_failures_and_lost_workers_of_a_run_stand_in_the_story() -> None:
    at = START + timedelta(minutes=8)
    events = [
        RunEvent(kind="step_retried", at=at, event_id=7, step="take_stock", attempts=3, code=""),
        RunEvent(kind="step_failed", at=at, event_id=9, step="submit_claim", code="STEP_TIMED_OUT"),
        RunEvent(kind="worker_lost", at=at, event_id=11),
    ]
    pending = [PendingStep(step="submit_claim", attempt=4, code="HTTP_500", next_at=at)]
    run = RunFacts(run_id="r-1", started_at=START, running=True, events=events, pending=pending)
    pages = Pages(scene.facts(), scene.rows(), runs=Runs(runs=[run]))
    page = await pages.page(f"{HERE}/history")
    told = page.split('id="story"')[1]
    assert told.count('class="unusual" value="') >= 4
    assert "Runs of the system" in told
    # The technical side is one click away, and leads to the same run in Temporal's own pages.
    assert "run/r-1/9" in told
    assert f"https://temporal.example/namespaces/default/workflows/{EPISODE}/r-1/history" in told


async def test_with_the_engine_silent_the_page_says_what_it_cannot_tell() -> None:
    pages = Pages(scene.facts(), scene.rows(), runs=Runs(engine_silent=True))
    page = await pages.page(f"{HERE}/history")
    assert "Temporal does not answer" in page
    assert "opened the episode" in page


@pytest.mark.parametrize("path", ["messages/x", "papers/x", "bills/B1/difference", "papers/..%2fx"])
async def test_an_address_of_nothing_is_a_sentence(path: str) -> None:
    page = await Pages(scene.facts(), scene.rows()).page(f"{HERE}/{path}", status=404)
    assert "There is no such page or episode" in page
