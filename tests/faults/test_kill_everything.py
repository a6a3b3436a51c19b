"""Whatever is killed, whenever: every episode ends right, once, with a level ledger."""

from __future__ import annotations

import os
import random
import secrets
import threading
from collections.abc import Callable

from tests.faults.house import FULL, WORKERS, House, until
from tests.faults.outcome import nobody_was_paid_twice, stay_ended_well, visit_ended_well
from tests.faults.story import HERE, THERE, Stay, Telling, Visit

EPISODES = 40 if FULL else 6
ROUNDS = 2 if FULL else 1
AT_ONCE = 8
VICTIMS = (
    ("worker-1",),
    ("worker-2",),
    WORKERS,
    ("api",),
    ("temporal",),
    ("postgres",),
)


def seed() -> int:
    """Of this run, printed so that it can be had again through CROSSCLAIM_SEED."""
    number = int(os.environ.get("CROSSCLAIM_SEED") or secrets.randbelow(2**32))
    print(f"CROSSCLAIM_SEED={number}")
    return number


def harm(house: House, chance: random.Random) -> None:
    """Each victim once a round, in any order, down for a moment, with a moment between."""
    pause = threading.Event()
    for _ in range(ROUNDS):
        for victims in chance.sample(VICTIMS, len(VICTIMS)):
            # The moment itself is the random input of this test, not a wait for something.
            pause.wait(chance.uniform(0.2, 2.5))
            for name in victims:
                house.stack.kill(name)
            pause.wait(chance.uniform(0, 1))
            for name in victims:
                house.stack.restart(name)


def stories(house: House, chance: random.Random) -> tuple[list[Stay], list[Visit]]:
    stays = [Stay(house, *(THERE, HERE)[n % 2]) for n in range(EPISODES - EPISODES // 3)]
    visits = [Visit(house, change=lasting_account) for _ in range(EPISODES // 3)]
    return stays, visits


def lasting_account(content: dict[str, object]) -> None:
    """The person of the voucher simulator's account that is never used up."""
    content["patient"] = {
        "name": {"zh": "何長春", "en": "HO Cheung Chun"},
        "birth_date": "1950-01-01",
        "documents": [{"type": "hkid", "number": "ZZ000005(0)"}],
        "mobile": "+85261230050",
    }


def test_kills_of_everything_at_any_moment_leave_every_episode_right(house: House) -> None:
    house.heal()
    chance = random.Random(seed())
    stays, visits = stories(house, chance)
    runs: list[Callable[[], None]] = [s.run for s in stays] + [v.run for v in visits]
    chance.shuffle(runs)
    telling: list[Telling] = []
    for first in range(0, len(runs), AT_ONCE):
        telling += [Telling(run) for run in runs[first : first + AT_ONCE]]
        harm(house, chance)
    house.heal()
    for story in telling:
        story.ended(180)
    for stay in stays:
        stay_ended_well(house, stay)
    for visit in visits:
        visit_ended_well(house, visit)
    nobody_was_paid_twice(house)


def called_back(house: House, reference: str) -> list[int | None]:
    """The statuses that the insurer's deliveries met, None where nobody was there."""
    entries = house.journal("harbour-life", "called_back")
    return [e["status"] for e in entries if e["reference"] == reference]


def test_an_answer_called_back_while_the_api_is_down_is_delivered_later(house: House) -> None:
    house.heal()
    stay = Stay(house)
    stay.treat()
    stay.discharge()
    later = {"match": {"operation": "claim"}, "fault": "pend", "delay_s": 3}
    house.control("harbour-life", "faults", {"faults": [later]})
    split = stay.send("bills", stay.bill("final"))
    query = "select reference from claim where episode_id = %(id)s and state = 'queued'"
    (claim,) = until("claim queued", lambda: house.rows(query, id=stay.episode_id))
    house.stack.kill("api")
    until("a call in vain", lambda: None in called_back(house, claim["reference"]))
    house.stack.restart("api")
    stay.tender(split)
    stay_ended_well(house, stay)
    assert called_back(house, claim["reference"])[-1] == 204
