"""Token buckets: so many at once, then as many as the pace allows, each key for itself."""

from __future__ import annotations

from crossclaim.security.pace import Buckets, Pace

PACE = Pace(per_s=2, burst=3)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_goes_through_and_then_the_pace_holds() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    assert [buckets.take("a", PACE) for _ in range(4)] == [0, 0, 0, 0.5]
    clock.now = 0.49
    assert buckets.take("a", PACE) > 0
    clock.now = 0.5
    assert buckets.take("a", PACE) == 0
    assert buckets.take("a", PACE) > 0
    clock.now = 1000.0
    assert [buckets.take("a", PACE) for _ in range(4)] == [0, 0, 0, 0.5], "never more than a burst"


def test_whoever_is_too_fast_takes_nothing_from_others() -> None:
    buckets = Buckets(Clock())
    for _ in range(100):
        buckets.take(("hospital-a", "key-1", True), PACE)
    assert buckets.take(("hospital-a", "key-1", True), PACE) > 0
    assert buckets.take(("hospital-a", "key-2", True), PACE) == 0
    assert buckets.take(("hospital-a", "key-1", False), PACE) == 0
    assert buckets.take(("hospital-b", "key-1", True), PACE) == 0


def test_waiting_as_long_as_was_said_is_enough() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    waited = 0
    for _ in range(50):
        wait = buckets.take("a", PACE)
        if wait > 0:
            waited += 1
            clock.now += wait
            assert buckets.take("a", PACE) == 0
    assert waited > 10


def test_no_pace_is_no_limit() -> None:
    buckets = Buckets(Clock())
    assert {buckets.take("a", Pace(per_s=0, burst=1)) for _ in range(1000)} == {0}
