"""One visitor's pages leave room for everybody else's."""

from __future__ import annotations

from contextlib import ExitStack

from crossclaim.console.live_streams import LiveStreams


def test_one_visitor_follows_a_few_pages_and_no_more() -> None:
    streams = LiveStreams(most_each=2, most=3)
    with ExitStack() as held:
        assert held.enter_context(streams.one_of("ann"))
        with streams.one_of("ann") as second:
            assert second
            assert not held.enter_context(streams.one_of("ann"))
            assert held.enter_context(streams.one_of("ben"))
            assert not held.enter_context(streams.one_of("cat")), "the process has its bound too"
        assert held.enter_context(streams.one_of("ann")), "one that is closed makes room"
    assert not streams._open, "nobody is remembered who follows nothing"
