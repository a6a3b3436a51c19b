"""What a back-test tells: who gains and who loses, and to an insurer its own plan alone."""

from __future__ import annotations

from crossclaim.domain.backtest_sums import BacktestResult, grouped, told_sums
from crossclaim.domain.backtest_tally import PATIENT, Place, Sums, Tally


def tally() -> Tally:
    found = Tally(claims=3, moved=2)
    for place, running, changed in (
        (Place("mine", "h1", "2026-10"), 100, 150),
        (Place("mine", "h2", "2026-10"), 10, 5),
        (Place("another", "h1", "2026-10"), 7, 7),
        (Place(PATIENT, "h1", "2026-10"), 60, 10),
        (Place(PATIENT, "h2", "2026-10"), 1, 6),
    ):
        found.sums[place] = Sums(claims=1, running_fen=running, changed_fen=changed)
    return found


def test_sums_by_payer_have_the_patient_last_and_what_one_gains_another_loses() -> None:
    told = BacktestResult.model_validate(told_sums(tally(), "mine", {}, own=None))
    payers = grouped(told.sums, lambda one: one.payer)
    assert [one.name for one in payers] == ["another", "mine", PATIENT]
    assert [one.difference_fen for one in payers] == [0, 45, -45]
    assert sum(one.difference_fen for one in told.sums) == 0


def test_an_insurer_is_told_of_its_own_plan_and_of_patients() -> None:
    told = BacktestResult.model_validate(told_sums(tally(), "mine", {"X": 2}, own="insurer"))
    assert {one.payer for one in told.sums} == {"mine", PATIENT}
    assert (told.claims, told.left_out) == (3, {"X": 2})


def test_without_the_narrowing_an_insurer_would_read_anothers_sums() -> None:
    told = BacktestResult.model_validate(told_sums(tally(), "mine", {}, own=None))
    assert "another" in {one.payer for one in told.sums}
