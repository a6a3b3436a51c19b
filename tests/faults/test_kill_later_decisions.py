"""A worker killed between our commit and the engine's hearing of it, in what comes after a claim
was opened: a document, an appeal's top-up, a claw-back, a cancelled settlement; each is once."""

from __future__ import annotations

from collections import Counter

from crossclaim.seed import EXAMINER
from tests.faults.house import FULL, WORKERS, House, Row, Window, until
from tests.faults.outcome import nobody_was_paid_twice
from tests.faults.story import INSURER_FEN, THERE, Stay, Telling
from tests.faults.test_kill_points import struck
from tests.steps.appeals import WON
from tests.steps.asked import wanted
from tests.steps.paper_claims import INSURER, claim

FIRST, MORE = 142_186, 34_445
LESS_HKD = "10000.00"


def killed_at(house: House, point: str, window: Window, path: str, body: Row) -> Telling:
    """The message is sent by somebody who never gives up; the worker dies once it is committed."""
    house.hook(WORKERS[0], point)
    story = Telling(lambda: window.send(path, body))
    struck(house, WORKERS[0], point)
    return story


def credited(house: House, episode: str) -> list[int]:
    found = house.rows(
        "select amount_minor from payout_intent where episode_id = %(id)s and state = 'credited'"
        " order by reserved_at",
        id=episode,
    )
    return [row["amount_minor"] for row in found]


def applied_once(house: House, episode: str) -> None:
    """No message of the episode left two entries of anything in the ledger, and it is level."""
    keys = house.rows("select key from entry where episode_id = %(id)s", id=episode)
    assert [k for k, n in Counter(row["key"] for row in keys).items() if n > 1] == []
    left = house.rows(
        "select p.currency from posting p join entry e on e.id = p.entry_id"
        " where e.episode_id = %(id)s group by 1 having sum(p.amount_minor) <> 0",
        id=episode,
    )
    assert left == []


def test_a_worker_killed_after_an_appeal_was_decided_pays_its_difference_once(
    house: House,
) -> None:
    """The short run kills here alone: ``tests/steps/test_killed_after_commit.py`` breaks the other
    steps off at the same place in one process."""
    house.heal()
    house.stack.kill(WORKERS[1])
    window = house.window(INSURER)
    content = claim(information=wanted("receipt"))
    content["number"] += "-K"
    taken = window.send("/v1/claims", content)
    episode, path = str(taken["episode_id"]), f"/v1/claims/{taken['claim_id']}"
    said = {"request": taken["information"]["request"], "item": 1, "cannot_be_had": "lost"}
    answers = f"/v1/episodes/{episode}/information-answers"
    if FULL:
        killed_at(house, "answer_information-committed", window, answers, said)
    else:
        window.send(answers, said)
    house.hook(WORKERS[0], "decide_appeal-committed")
    until("claim paid", lambda: credited(house, episode) == [FIRST])
    assert window.once(f"{path}/appeals", {"number": "AP-K", "reason": "It is."}).status_code == 202
    word = {"outcome": "changed", "reason": "It is.", "lines": WON}
    word |= {"decided_at": "2026-05-12T10:00:00+08:00"}
    second, decided = house.window(f"{INSURER}{EXAMINER}"), f"{path}/appeal-decisions"
    appeal = killed_at(house, "decide_appeal-committed", second, decided, word)
    house.hook(WORKERS[0], "")
    until("top-up paid", lambda: credited(house, episode) == [FIRST, MORE])
    appeal.ended(60)
    requests = "select state from information_request where episode_id = %(id)s"
    assert house.rows(requests, id=episode) == [{"state": "answered"}]
    applied_once(house, episode)
    if FULL:
        a_claw_back_and_a_cancellation_are_done_once(house)
    nobody_was_paid_twice(house)


def a_claw_back_and_a_cancellation_are_done_once(house: House) -> None:
    stay, confirmed = claw_back_confirmed(house)
    house.hook(WORKERS[0], "cancel_bill_settlement-committed")
    confirmed.ended(60)
    cancelled = settlement_cancelled(house, stay)
    house.hook(WORKERS[0], "")
    cancelled.ended(60)
    assert credited(house, stay.episode_id) == [INSURER_FEN]
    backs = house.rows(
        "select cause, state, amount_minor from claw_back where episode_id = %(id)s"
        " order by recorded_at",
        id=stay.episode_id,
    )
    assert [(b["cause"], b["state"]) for b in backs] == [
        ("DECISION", "received"),
        ("CANCELLATION", "due"),
    ]
    assert sum(b["amount_minor"] for b in backs) == INSURER_FEN
    applied_once(house, stay.episode_id)


def claw_back_confirmed(house: House) -> tuple[Stay, Telling]:
    """An insurer stands by less after it has paid, and says that it has the rest back."""
    house.hook(WORKERS[0], "confirm_claw_back-committed")
    stay, insurer = Stay(house), house.window(THERE[0])
    stay.run()
    (paid,) = stay.window.episode(stay.episode_id)["claims"]
    less = {"amount": LESS_HKD, "currency": "HKD"}
    word = {"number": "CM-K", "benefit": less, "reason": "The limit was counted wrongly."}
    word |= {"claim_id": paid["id"], "decided_at": "2026-04-12T10:00:00+08:00"}
    insurer.send(f"/v1/claims/{paid['id']}/changed-decisions", word)
    (back,) = stay.window.episode(stay.episode_id)["claw_backs"]
    received = {"claw_back": back["reference"], "receipt": "RC-K"}
    received |= {"received_at": "2026-04-13T10:00:00+08:00"}
    path = f"/v1/episodes/{stay.episode_id}/claw-backs"
    return stay, killed_at(house, "confirm_claw_back-committed", insurer, path, received)


def settlement_cancelled(house: House, stay: Stay) -> Telling:
    bill = stay.bill("final")
    order = {"bill_number": bill["number"], "bill_version": bill["version"]}
    order |= {"cancelled_at": "2026-04-20T10:00:00+08:00", "reason": "The wrong patient."}
    path = f"/v1/episodes/{stay.episode_id}/settlement-cancellations"
    return killed_at(house, "cancel_bill_settlement-committed", stay.window, path, order)
