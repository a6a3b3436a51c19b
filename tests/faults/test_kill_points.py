"""A process killed at any named point starts again, and the episode ends as it would have."""

from __future__ import annotations

import httpx
import pytest

from tests.faults.house import FULL, WORKERS, House, until
from tests.faults.lateness import LATE_S, had_one_late_order, script
from tests.faults.outcome import nobody_was_paid_twice, stay_ended_well
from tests.faults.story import HERE, THERE, Stay, Telling

# From the last to the first, so that a case in repair does not run into the next case's point.
IN_A_WORKER = (
    "file-released",
    "attempt-committed",
    "intent-committed",
    "decision-stored",
    "claim-sent",
    "guarantee-stored",
    "guarantee-sent",
    "submit_bill-committed",
    "update-accepted",
)
LAST_WORD = "record_tender-committed"
"""The patient pays after everybody else: nothing comes after it that would wake the run."""
AT_AN_INSURER = {"claim-sent", "guarantee-stored", "guarantee-sent"}
ROUNDS = 5 if FULL else 1
INSURERS = (THERE, HERE) if FULL else (THERE,)


def struck(house: House, name: str, point: str) -> None:
    """The point was reached, and the process that reached it is dead.

    One that came up in its place, because the point lay on its very first steps, is another.
    """
    marker = house.marker(point)
    until(f"{point} reached", marker.exists)

    def dead() -> bool:
        if not house.stack.alive(name):
            return True
        return marker.read_text() not in ("", str(house.stack.pid(name)))

    until(f"death at {point}", dead)


def every_point_once(house: House, insurer: tuple[str, str]) -> None:
    """One stay a point, told while the worker is killed at the points of all the others too."""
    house.heal()
    script(house, fault="late", delay_s=LATE_S, times=-1)
    house.stack.kill(WORKERS[1])
    stays, stories = [], []
    for point in IN_A_WORKER:
        if insurer == HERE and point in AT_AN_INSURER:
            continue
        house.hook(WORKERS[0], point)
        stay = Stay(house, *insurer)
        stays.append(stay)
        stories.append(Telling(stay.run))
        struck(house, WORKERS[0], point)
    house.heal()
    for story in stories:
        story.ended(180)
    house.control("harbour-bank", "faults", {"faults": []})
    for stay in stays:
        stay_ended_well(house, stay)
        had_one_late_order(house, stay)


@pytest.mark.parametrize("insurer", INSURERS, ids=lambda insurer: str(insurer[0]))
def test_a_worker_killed_at_any_point_changes_nothing_even_with_a_late_bank(
    house: House, insurer: tuple[str, str]
) -> None:
    """The bank is late all the while, so that a repair meets an order on its way.

    A round ends before the next begins: each kill costs a step on its way its whole time limit and
    a longer pause, so kills without end would leave no time in which a story could end.
    """
    for _ in range(ROUNDS):
        every_point_once(house, insurer)
    nobody_was_paid_twice(house)


def test_a_run_learns_what_a_dead_worker_applied_though_the_engine_forgot_it(house: House) -> None:
    """Our row has the outcome and the window its answer; no history of any run has the message."""
    house.heal()
    house.stack.kill(WORKERS[1])
    stay = Stay(house)
    stay.treat()
    stay.discharge()
    split = stay.send("bills", stay.bill("final"))
    paid = "select 1 from payout_intent where episode_id = %(id)s and state = 'credited'"
    until("insurer's part paid", lambda: house.rows(paid, id=stay.episode_id))
    house.hook(WORKERS[0], LAST_WORD)
    story = Telling(lambda: stay.tender(split))
    struck(house, WORKERS[0], LAST_WORD)
    # What the engine has not written down is in its memory only; nobody sends it again meanwhile.
    house.stack.kill("temporal")
    story.ended(60)
    house.heal()
    stay_ended_well(house, stay)


def test_an_api_killed_after_the_row_gives_the_same_episode_when_asked_again(house: House) -> None:
    house.heal()
    for _ in range(ROUNDS):
        house.hook("api", "submission-committed")
        stay = Stay(house)
        with pytest.raises(httpx.TransportError):
            stay.window.once("/v1/episodes", stay.opening())
        struck(house, "api", "submission-committed")
        (before,) = house.rows(
            "select episode_id from submission where business_key like %(key)s",
            key=f"%{stay.opening()['visit']['number']}",
        )
        house.hook("api", "")
        stay.open()
        assert stay.episode_id == before["episode_id"]
        stay.admit()
        stay.send("bills", stay.bill("interim"))
        stay.leave()
        stay_ended_well(house, stay)
