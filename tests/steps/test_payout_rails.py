"""Every payout has its rail and the reason of it; two at once never pass a limit together."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.orders import Subject
from activities.payouts import PayoutSteps
from crossclaim.domain.errors import Final
from crossclaim.store.payout_word_tables import PayoutWordTables
from tests.steps.paper_claims import APPROVED, INSURER, claim, member, paper
from tests.steps.payout_desk import AMOUNT, PayoutDesk, at_hour, with_rails
from tests.steps.rig import Rig
from tests.steps.test_paper_claims import decided, sent

BOTH = {
    "rails__payment_connect__payers": ("person", "insurer"),
    "rails__payment_connect__per_day": 100_000,
}
VISITS = ([paper("A1", "2026-03-02", "860.00")], [paper("B1", "2026-03-20", "1240.00")])
"""Two visits of one person: HKD 751.91 and 800.00, together above what a day allows."""
_persons = itertools.count(50_000)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def limited(desk: PayoutDesk) -> PayoutDesk:
    world = with_rails(desk.world, **BOTH)
    rig = replace(desk.rig, world=world)
    return replace(desk, rig=rig, desk=replace(desk.desk, world=world, rig=rig))


def rail(desk: PayoutDesk, episode: str) -> dict[str, Any]:
    (row,) = desk.desk.select(
        "select * from payout_rail where episode_id = %(id)s order by recorded_at desc limit 1",
        id=episode,
    )
    return row


def test_an_insurers_payout_goes_by_cips_in_one_sum_with_its_reason(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    row = rail(desk, episode)
    assert row["rail"] == desk.payout(episode).rail == "cips"
    assert desk.payout(episode).amount_minor == AMOUNT
    texts = [step["text"]["en"] for step in row["trace"]]
    assert "does not carry payments of this kind of payer: insurer" in texts[0]
    assert "in one sum by the rail CIPS" in texts[1]
    assert row["due_at"] == APPROVED + timedelta(hours=72)
    assert row["expected_at"] == APPROVED + timedelta(hours=24)
    assert "PAYOUT_LATE_FORECAST" not in desk.rig.exceptions(episode)


def test_the_bank_is_told_of_the_rail_as_it_wants_to_be(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    reference = desk.send(episode)
    order = (desk.desk.folder / "outbound" / f"{reference}-1.xml").read_text()
    assert "<SvcLvl><Cd>URGP</Cd></SvcLvl><LclInstrm><Prtry>CIPS</Prtry></LclInstrm>" in order


def test_what_is_above_the_days_limit_goes_by_the_next_rail_as_a_whole(desk: PayoutDesk) -> None:
    desk = limited(desk)
    at = at_hour(date(2026, 4, 14), 10)
    person = member(next(_persons))
    first, second = (desk.reserved(at=at, patient=person, papers=visit) for visit in VISITS)
    assert [rail(desk, e)["rail"] for e in (first, second)] == ["payment_connect", "cips"]
    assert rail(desk, first)["hkd_minor"] == 75191
    assert desk.payout(second).amount_minor == 73296
    told = " ".join(step["text"]["en"] for step in rail(desk, second)["trace"])
    assert "HKD 1,000.00 a day; HKD 751.91 of it are used" in told


def test_what_a_bank_refused_counts_for_nothing(desk: PayoutDesk) -> None:
    desk = limited(desk)
    at = at_hour(date(2026, 4, 13), 10)
    person = member(next(_persons))
    first = desk.reserved(at=at, patient=person, papers=VISITS[0])
    with desk.world.records.transaction() as tx:
        tx.lock(first)
        tx.change_intent(desk.payout(first).reference, state="rejected", closed_at=at)
    assert rail(desk, desk.reserved(at=at, patient=person, papers=VISITS[1]))["rail"] == (
        "payment_connect"
    )


def test_a_rail_that_the_plan_does_not_know_is_for_a_person_and_nothing_is_written(
    desk: PayoutDesk,
) -> None:
    world = with_rails(desk.world, rails__cips__payers=("person",))
    unknown = replace(desk, rig=replace(desk.rig, world=world))
    with pytest.raises(Final, match="no rail is known"):
        unknown.reserved()
    episode = str(
        desk.desk.select("select id from episode order by recorded_at desc limit 1")[0]["id"]
    )
    assert desk.rig.rows(episode).payouts == []


@pytest.mark.parametrize(
    ("at", "expected", "causes"),
    [
        # Friday evening: CIPS opens on Monday, and the money is there on Tuesday.
        (at_hour(date(2026, 4, 17), 21), at_hour(date(2026, 4, 21), 9), "out_of_hours,closed_day"),
        # The day before 1 May: the mainland rests to the 5th, Hong Kong on the 1st.
        (at_hour(date(2026, 4, 30), 21), at_hour(date(2026, 5, 7), 9), "out_of_hours,closed_day"),
    ],
)
def test_hours_and_holidays_of_both_sides_move_the_forecast_and_never_what_is_due(
    desk: PayoutDesk, at: Any, expected: Any, causes: str
) -> None:
    episode = desk.reserved(at=at)
    row = rail(desk, episode)
    assert row["expected_at"] == expected
    assert row["due_at"] == at + timedelta(hours=72)
    late = expected > row["due_at"]
    assert ("PAYOUT_LATE_FORECAST" in desk.rig.exceptions(episode)) is late
    assert row["trace"][-1]["inputs"]["causes"] == causes


class _Held:
    """A transaction that stays open until it is let go."""

    def __init__(self, records: Any, written: threading.Event, go_on: threading.Event) -> None:
        self._records, self._written, self._go_on = records, written, go_on

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self._records.transaction() as tx:
            yield tx
            self._written.set()
            assert self._go_on.wait(60)


def two_at_once(desk: PayoutDesk, day: date) -> list[str]:
    """Two payouts of one person whose transactions overlap; their rails."""
    at = at_hour(day, 10)
    # The ledger's accounts are there before, so that nothing but the limits can wait.
    desk.reserved(at=at - timedelta(days=1))
    person = member(next(_persons))
    quick, slow = (_decided(desk, at, patient=person, papers=visit) for visit in VISITS)
    written, go_on = threading.Event(), threading.Event()
    held = replace(desk.world, records=_Held(desk.world.records, written, go_on))
    threads = [threading.Thread(target=_reserve, args=(held, slow, claim_of(desk, slow), at))]
    threads[0].start()
    assert written.wait(60)
    threads.append(
        threading.Thread(target=_reserve, args=(desk.world, quick, claim_of(desk, quick), at))
    )
    threads[1].start()
    while threads[1].is_alive() and not _waits(desk):
        threads[1].join(0.01)
    go_on.set()
    for thread in threads:
        thread.join(60)
    return [rail(desk, episode)["rail"] for episode in (slow, quick)]


def claim_of(desk: PayoutDesk, episode: str) -> str:
    (due,) = desk.rig.rows(episode).claims
    return due.id


def _decided(desk: PayoutDesk, at: Any, **changes: Any) -> str:
    episode, _ = sent(desk.rig, claim(**changes), at)
    decided(desk.rig, episode, at)
    return episode


def _reserve(world: Any, episode: str, claim_id: str, at: Any) -> None:
    PayoutSteps(world).reserve_payout(Subject(episode_id=episode, subject=claim_id, at=at))


def _waits(desk: PayoutDesk) -> bool:
    rows = desk.desk.select(
        "select 1 as n from pg_locks where locktype = 'advisory' and not granted"
    )
    return bool(rows)


def test_two_payouts_at_once_never_pass_the_days_limit_together(desk: PayoutDesk) -> None:
    assert two_at_once(limited(desk), date(2026, 4, 15)) == ["payment_connect", "cips"]


def test_a_twin_that_counts_without_the_lock_passes_the_limit(
    desk: PayoutDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PayoutWordTables, "hold_rail_limits", lambda self, episode_id: None)
    rails = two_at_once(limited(desk), date(2026, 4, 16))
    assert rails == ["payment_connect", "payment_connect"]


def test_what_waited_counts_on_the_day_on_which_it_is_sent(desk: PayoutDesk) -> None:
    """Red before: it counted on the day of its intent alone, and two days' worth left on one."""
    desk = limited(desk)
    monday, tuesday = (at_hour(date(2026, 4, day), 10) for day in (13, 14))
    person = member(next(_persons))
    waited = desk.reserved(at=monday, patient=person, papers=VISITS[0])
    first = desk.payout(waited)
    second = desk.reserved(at=tuesday, patient=person, papers=VISITS[1])
    assert (first.rail, desk.payout(second).rail) == ("payment_connect", "payment_connect")
    desk.at = tuesday
    desk.hand_over(waited)
    anew = desk.payout(waited)
    closed = desk.rig.rows(waited).payouts[0]
    assert (closed.reference, closed.state) == (first.reference, "cancelled")
    assert (anew.rail, anew.amount_minor) == ("cips", first.amount_minor), "as a whole"
    outbound = desk.desk.folder / "outbound"
    assert not list(outbound.glob(f"{first.reference}*")), "nothing of it was sent"
    desk.send(waited)
    assert (outbound / f"{anew.reference}-1.xml").exists()
    assert desk.trial(waited)[f"clearing:bank:{INSURER}"] == first.amount_minor
    assert "waited beyond the day" in desk.rig.story(waited, tuesday)
    assert "PAYOUT_CANCELLED" not in desk.rig.exceptions(waited)
    standing = desk.standing(waited)
    assert standing.waiting_for != "PAYOUT_CANCELLED"


def test_by_a_rail_without_limits_what_waited_is_sent_as_it_was_written(desk: PayoutDesk) -> None:
    episode = desk.reserved()
    reference = desk.payout(episode).reference
    desk.at = APPROVED + timedelta(days=2)
    desk.hand_over(episode)
    assert (desk.desk.folder / "outbound" / f"{reference}-1.xml").exists()
    assert len(desk.rig.rows(episode).payouts) == 1
