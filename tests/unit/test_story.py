"""Stories from rows and run facts alone: order, words, attempts, waits, and nothing personal."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from crossclaim.domain import payment, standing, story_codes, story_waits, story_words
from crossclaim.domain.story_facts import PendingStep, RunEvent, RunFacts, Runs
from crossclaim.domain.story_line import SENTENCES
from crossclaim.domain.story_page import page_of
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.story_to_do import TO_DO
from tests.unit.story_scene import (
    CANARIES,
    HOSPITAL,
    INSURER,
    START,
    attempt,
    guarantee,
    in_this_order,
    minute,
    rows_of,
    split,
    story_from,
    texts,
)

REPOSITORY = Path(__file__).parents[2]
LANGUAGES = ("en", "zh-Hant", "zh-Hans")
HARBOUR = "Harbour Life Assurance Ltd"


def e5() -> dict[str, Any]:
    """From consent to closing, every row once; the lists are shuffled as a database may."""
    bill = {"total_minor": 5185050, "state": "current", "number": "F1"}
    report = {"bank": "harbour-bank", "reference": "PO1", "entry": 1}
    facts = rows_of(
        consents=[
            {
                "id": 1,
                "type": "CLAIM_AUTH",
                "recipient": INSURER,
                "text_version": "2026-01",
                "channel": "paper",
                "signed_at": minute(-60),
                "recorded_at": minute(0),
            }
        ],
        attempts=[attempt(1, "answered")],
        guarantees=[guarantee(state="released", released_at=minute(90))],
        submissions=[
            {
                "id": f"sb_{kind}",
                "organisation_id": HOSPITAL,
                "kind": kind,
                "received_at": minute(at),
                "status": 200,
            }
            for kind, at in (("record_discharge", 30), ("record_admission", 10))
        ],
        bills=[
            {**bill, "id": "bl_2", "version": 2, "status": "final", "recorded_at": minute(40)},
            {**bill, "id": "bl_1", "version": 1, "status": "interim", "recorded_at": minute(20)},
        ],
        splits=[
            {
                "bill_id": f"bl_{version}",
                "version": 1,
                "reason": "BILL",
                "result": split("31040.33", "20810.17"),
                "recorded_at": minute(20 * version),
            }
            for version in (2, 1)
        ],
        tenders=[
            {
                "id": 1,
                "bill_id": "bl_2",
                "method": "bank_card",
                "amount_minor": 2081017,
                "tendered_at": minute(45),
                "recorded_at": minute(45),
            }
        ],
        claims=[
            {
                "id": "cl_1",
                "bill_id": "bl_2",
                "organisation_id": INSURER,
                "kind": "direct",
                "reference": "CL1",
                "state": "partial",
                "decides": "there",
                "forecast_minor": 3392386,
                "benefit_minor": 3392386,
                "pay_fen": 3104033,
                "occurred_at": minute(45),
                "submitted_at": minute(46),
                "decided_at": minute(50),
            }
        ],
        payouts=[
            {
                "reference": "PO1",
                "payee": "hospital",
                "payee_organisation_id": HOSPITAL,
                "debtor_organisation_id": INSURER,
                "bank": "harbour-bank",
                "amount_minor": 3104033,
                "recorded_at": minute(60),
            }
        ],
        files=[
            {
                "reference": "PO1",
                "kind": "order",
                "attempt": 1,
                "file_name": "PO1.xml",
                "recorded_at": minute(61),
                "released_at": minute(61),
            }
        ],
        reports=[
            {
                **report,
                "message_id": "M2",
                "state": "credited",
                "amount_minor": 3104033,
                "currency": "CNY",
                "happened_at": minute(79),
                "recorded_at": minute(80),
            },
            {
                **report,
                "message_id": "M1",
                "state": "accepted",
                "happened_at": minute(69),
                "recorded_at": minute(70),
            },
        ],
    )
    facts["episode"] |= {
        "admitted_at": minute(9),
        "discharged_at": minute(29),
        "closed_at": minute(95),
        "status": "closed",
    }
    return facts


def test_the_story_of_e5_is_told_in_the_order_in_which_it_happened() -> None:
    in_this_order(
        page_of(story_from(e5())),
        "2026-03-09 09:00  The patient signed the authorisation to claim for " + HARBOUR,
        f"{HARBOUR} guarantees up to HKD 40,000.00 under letter LOG-1",
        "admitted the patient at 2026-03-09 09:09",
        "sent interim bill F1 version 1 over CNY 51,850.50; the forecast: " + HARBOUR,
        f"sent final bill F1 version 2 over CNY 51,850.50; the split: {HARBOUR} CNY 31,040.33"
        " (HKD 33,923.86), the patient CNY 20,810.17",
        "The patient paid CNY 20,810.17 for bill F1 by bank card",
        f"Claim CL1 on {HARBOUR}",
        f"{HARBOUR} decided claim CL1: approved in part, benefit HKD 33,923.86; CNY 31,040.33",
        f"Payout PO1 was fixed: CNY 31,040.33 from {HARBOUR} to The University of Hong Kong-",
        "The order for payout PO1 (CNY 31,040.33) was handed to Harbour Bank",
        "Harbour Bank accepted payout PO1; that is no proof of payment yet",
        "Harbour Bank confirms payout PO1: CNY 31,040.33 was credited to the payee's account",
        f"The guarantee of {HARBOUR} was released",
        "the episode was closed",
    )


def test_rows_in_the_order_of_the_tables_would_tell_it_wrongly() -> None:
    kinds = ["bill_final", "bill_interim"]
    told_by_table = [f"bill_{bill['status']}" for bill in e5()["bills"]]
    told = [line.kind for line in story_from(e5()).lines if line.kind in kinds]
    assert told_by_table == kinds and told == kinds[::-1]


def test_every_attempt_says_why_it_failed_and_what_was_done_about_it() -> None:
    facts = rows_of(
        attempts=[
            attempt(1, "not_taken", "UNREACHABLE"),
            attempt(2, "unknown", "TIMED_OUT"),
            attempt(3, None),
            attempt(4, "answered"),
        ],
        guarantees=[guarantee()],
    )
    in_this_order(
        texts(story_from(facts)),
        f"Asked {HARBOUR} for a letter of guarantee (attempt 1): could not be reached. It was not"
        " taken and is asked again.",
        "(attempt 2): no answer in time, after sending. It may have arrived, so the next attempt"
        " looks under the same reference first.",
        "(attempt 3): our own worker stopped before an answer was kept",
        "again for a letter of guarantee, looking under the same reference first (attempt 4)",
        "guarantees up to HKD 40,000.00",
    )


def test_a_last_attempt_without_an_answer_is_not_called_a_stop() -> None:
    story = story_from(rows_of(attempts=[attempt(1, None)]))
    assert [line.kind for line in story.lines] == ["episode_opened", "asked_open"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("canary", [*CANARIES, "6200000000000047", "CHAN", "陳大文 K80.2"])
def test_what_parties_wrote_into_our_rows_is_never_repeated(canary: str, language: str) -> None:
    facts = e5()
    facts["guarantees"] = [guarantee(state="refused", disposition=canary)]
    facts["coverages"] = [
        {"ordinal": 0, "organisation_id": INSURER, "eligible": False, "disposition": canary}
    ]
    facts["attempts"] = [attempt(1, "refused", canary), attempt(2, "unknown", canary)]
    facts["reports"] = [
        {**report, "state": "rejected", "reason": canary} for report in facts["reports"]
    ]
    facts["exceptions"] = [
        {
            "id": 1,
            "code": "CLAIM_STOPPED",
            "reference": "CL1",
            "details": {"code": canary, "reason": canary},
            "opened_at": minute(50),
        }
    ]
    pending = PendingStep(step="submit_claim", attempt=3, code=canary, next_at=START)
    retried = RunEvent(
        kind="step_retried", at=START, event_id=7, step="send_payout", attempts=2, code=canary
    )
    run = RunFacts(run_id="r", started_at=START, running=True, events=[retried], pending=[pending])
    page = "\n".join(page_of(story_from(facts, language, Runs(runs=[run]))))
    assert canary in str(facts), "a teller that prints its rows would leak"
    assert canary not in page


def test_what_only_the_run_knows_is_told_where_it_happened() -> None:
    events = [
        RunEvent(kind="worker_lost", at=START + timedelta(minutes=2), event_id=5),
        RunEvent(
            kind="step_retried",
            at=START + timedelta(minutes=3),
            event_id=9,
            step="send_payout",
            attempts=4,
            code="STEP_TIMED_OUT",
        ),
    ]
    run = RunFacts(run_id="r1", started_at=START, running=True, events=events)
    story = story_from(rows_of(), runs=Runs(runs=[run]))
    in_this_order(
        texts(story),
        "Crossclaim began to follow the episode.",
        "A worker stopped in the middle of its work",
        "It took 4 tries to hand the payment order to the bank; the last failure: the worker gave"
        " no sign of life in time.",
    )
    assert story.lines[-1].source == "run/r1/9"


def test_tries_that_have_rows_of_their_own_are_not_told_twice() -> None:
    event = RunEvent(
        kind="step_retried", at=START, event_id=9, step="request_guarantee", attempts=2
    )
    runs = Runs(runs=[RunFacts(run_id="r1", started_at=START, events=[event])])
    attempts = [attempt(1, "unknown", "TIMED_OUT"), attempt(2, "answered")]
    once = story_from(rows_of(attempts=attempts), runs=runs)
    assert "step_retried" not in [line.kind for line in once.lines]
    alone = story_from(rows_of(attempts=attempts[:1]), runs=runs)
    assert "step_retried" in [line.kind for line in alone.lines]


def test_what_could_not_be_read_is_said_in_the_last_lines() -> None:
    story = story_from(e5(), runs=Runs(engine_silent=True, archive_silent=True))
    assert [line.kind for line in story.lines[-3:]] == [
        "closed",
        "archive_silent",
        "engine_silent",
    ]


def test_a_wait_names_its_party_its_beginning_and_the_next_look() -> None:
    asked = START + timedelta(minutes=1)
    claim = {
        "id": "cl_1",
        "bill_id": "bl_1",
        "kind": "direct",
        "sequence": 1,
        "reference": "CL1",
        "state": "queued",
        "submitted_at": asked,
    }
    insurer = {"ordinal": 0, "funder": "insurer", "organisation_id": INSURER, "eligible": True}
    story = story_from(rows_of(), claims=[claim], coverages=[insurer])
    assert story.waiting is not None
    assert story.waiting.text.en == f"Waits for {HARBOUR}'s decision on the claim."
    assert (story.waiting.since, story.waiting.until) == (asked, asked + timedelta(seconds=900))


def test_the_timer_that_runs_tells_the_next_look_better_than_the_rows() -> None:
    wakes = START + timedelta(hours=5)
    run = RunFacts(run_id="r", started_at=START, running=True, timer_until=wakes)
    story = story_from(rows_of(), runs=Runs(runs=[run]))
    assert story.waiting is not None
    assert (story.waiting.code, story.waiting.until) == ("HOSPITAL_ADMISSION", wakes)


def test_the_money_of_a_bill_stands_per_funder_in_both_currencies() -> None:
    funders = [f for f in story_from(e5()).money.funders if not f.forecast]
    assert [(f.who, str(f.amount), str(f.own or "")) for f in funders] == [
        ("insurer:harbour-life", "CNY 31,040.33", "HKD 33,923.86"),
        ("patient", "CNY 20,810.17", ""),
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", f"The patient withdrew the consent to providing data for {HARBOUR};"),
        ("zh-Hant", "病人就海港人壽保險有限公司撤回"),
        ("zh-Hans", "病人就海港人寿保险有限公司撤回"),
    ],
)
def test_a_consent_that_is_taken_back_names_whom_it_was_for(language: str, told: str) -> None:
    """Beside one that names nobody, which ends for all."""
    about = {"text_version": "2026-01", "channel": "paper", "signed_at": minute(-60)}
    about |= {"recorded_at": minute(0), "withdrawn_at": minute(9)}
    consents = [
        {"id": 1, "type": "PI_PROVIDE", "recipient": INSURER, **about},
        {"id": 2, "type": "PI_SENSITIVE", **about},
    ]
    story = story_from(rows_of(consents=consents), language=language)
    assert sum(told in text for text in texts(story)) == 1
    kinds = [line.kind for line in story.lines]
    assert kinds.count("consent_withdrawn_from") == kinds.count("consent_withdrawn") == 1


def test_what_a_plan_leaves_out_is_told_with_its_line() -> None:
    left = "EXCLUDED_LONG_TERM_PHYSIO"
    why = {"en": "Line 1: not covered.", "zh_hant": "不保", "zh_hans": "不保"}
    step = {"rule": "gba-network-hk:visit", "on": "2026-03-14", "inputs": {}, "text": why}
    whole = split("31040.33", "20810.17")
    facts = e5()
    trace = [{**step, "result": left}, {**step, "result": "LIMIT_LEFT HKD 1.00"}]
    facts["splits"] = [{**facts["splits"][-1], "result": {**whole, "trace": trace}}]
    told = [t for t in texts(story_from(facts)) if "Line 1" in t]
    assert len(told) == 1 and "by the plan gba-network-hk: Line 1: not covered." in told[0]


def test_a_split_that_was_computed_anew_says_why() -> None:
    facts = e5()
    facts["splits"].append(
        {**facts["splits"][0], "version": 2, "reason": "DECISION", "recorded_at": minute(51)}
    )
    in_this_order(
        texts(story_from(facts)),
        "decided claim CL1",
        "Bill F1 version 2 was split anew because the insurer decided otherwise than forecast",
    )


def test_a_refused_submission_is_told_with_its_faults_sentences() -> None:
    fault = {"en": "Say it again.", "zh_hant": "請再說。", "zh_hans": "请再说。"}
    refused = {
        "id": "sb_1",
        "organisation_id": HOSPITAL,
        "kind": "submit_bill",
        "received_at": minute(1),
        "status": 422,
        "faults": [{"code": "X", "pointer": "/a", "text": fault}],
    }
    story = story_from(rows_of(submissions=[refused]), "zh-Hant")
    assert texts(story)[-1].endswith("請再說。")


def _tables() -> list[tuple[str, str, Triple]]:
    tables = {"sentences": SENTENCES, "waits": story_waits.WAITING}
    for module in (story_words, story_codes):
        tables |= {n: t for n, t in vars(module).items() if n.isupper()}
    return [(n, code, triple) for n, table in tables.items() for code, triple in table.items()]


def _is_whole(triple: Triple) -> bool:
    gaps = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in triple]
    english, *chinese = triple
    return (
        gaps[0] == gaps[1] == gaps[2]
        and all(triple)
        and english.isascii()
        and not any(text.isascii() for text in chinese)
    )


def test_every_text_has_the_same_gaps_in_all_languages_and_no_language_is_missing() -> None:
    tables = _tables()
    assert len(tables) > 800
    assert [(table, code) for table, code, triple in tables if not _is_whole(triple)] == []


def test_every_exception_that_a_step_can_open_has_words() -> None:
    source = "".join(
        file.read_text("utf-8")
        for file in [*(REPOSITORY / "activities").glob("*.py"), Path(payment.__file__)]
    )
    named = r'(?:open_exception\((?:[^()]|\([^()]*\))*?|exception=)"([A-Z_]+)"'
    codes = set(re.findall(named, source))
    assert len(codes) >= 12
    assert codes - set(story_codes.EXCEPTIONS) == set()


def test_every_reason_to_wait_has_a_sentence() -> None:
    told_by = inspect.getsource(standing._waiting_for)
    codes = set(re.findall(r'return "([A-Z_]+[A-Z])"', told_by))
    banks = {f"BANK_{state}" for state in ("RESERVED", "SENT", "ACCEPTED", "UNKNOWN")}
    assert len(codes) >= 8
    assert codes | banks <= set(story_waits.WAITING)


def test_what_the_second_insurer_is_told_of_the_first_is_told_in_any_order_of_the_rows() -> None:
    """Of the newest split; the database gives rows as they lie."""
    claims = [
        {"id": f"cl_1{end}", "organisation_id": insurer, "reference": f"CL1{end}"}
        | {"bill_id": "bl_1", "kind": "direct", "state": "due", "occurred_at": minute(40)}
        for insurer, end in (("kowloon-mutual", "-2"), (INSURER, ""))
    ]

    def divided(first: str, version: int) -> dict[str, Any]:
        result = split(first, "0.00")
        second = {**result["totals"][0], "organisation": "kowloon-mutual"}
        result["totals"].insert(1, second)
        told = {"reason": "DECISION", "recorded_at": minute(30 + version)}
        return {"bill_id": "bl_1", "version": version, "result": result, **told}

    bill = {"id": "bl_1", "number": "F1", "version": 1, "total_minor": 5185050}
    bill |= {"status": "final", "state": "current", "recorded_at": minute(30)}
    splits = [divided("27450.00", 2), divided("9150.00", 1)]
    story = story_from(rows_of(bills=[bill], claims=claims, splits=splits))
    (told,) = [text for text in texts(story) if "is told that" in text]
    assert told == (
        "Kowloon Mutual Insurance is told that Harbour Life Assurance Ltd pays CNY 27,450.00"
        " (HKD 33,923.86) of bill F1, and no more of it."
    )


def test_every_exception_says_what_a_person_has_to_do() -> None:
    assert set(TO_DO) == set(story_codes.EXCEPTIONS)
    for code, (english, traditional, simplified) in TO_DO.items():
        assert english.endswith(".") and english[0].isupper(), code
        assert traditional.endswith("。") and simplified.endswith("。"), code


def test_an_open_exception_tells_what_to_do_and_a_settled_one_no_more() -> None:
    opened = {"id": 1, "code": "PAYOUT_REJECTED", "reference": "PO1", "opened_at": minute(50)}
    facts = rows_of(exceptions=[opened])
    in_this_order(
        texts(story_from(facts)),
        "A person must look: the bank rejected a payout (PO1).",
        "What to do: A passing reason needs nothing: it is sent again by itself",
    )
    facts["exceptions"] = [{**opened, "resolved_at": minute(60)}]
    kinds = [line.kind for line in story_from(facts).lines]
    assert "exception_resolved" in kinds and "exception_to_do" not in kinds
