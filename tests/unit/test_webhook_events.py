"""The catalogue of events is whole, told in three languages, and the same in the documentation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from crossclaim.api.webhook_description import webhooks_described
from crossclaim.domain.webhook_events import RULES, SILENT, EventType
from crossclaim.domain.webhook_meanings import MEANINGS, table_in_markdown
from crossclaim.domain.webhook_message import PAUSES, Message, pause_after

ROOT = Path(__file__).parents[2]


def test_every_type_of_event_has_a_meaning_and_comes_of_some_row() -> None:
    assert set(MEANINGS) == set(EventType) == {r.type for r in RULES} | {EventType.PING}
    assert set(webhooks_described()) == {type_.value for type_ in EventType}
    for meaning in MEANINGS.values():
        assert meaning.en and meaning.zh_hant and meaning.zh_hans
    assert not {(rule.source, rule.state) for rule in RULES} & set(SILENT)


def test_the_documentation_lists_the_types_as_they_are() -> None:
    assert (ROOT / "docs" / "webhooks.md").read_text("utf-8").endswith(table_in_markdown())


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    assert [pause_after(tries) for tries in range(1, 11)] == [*PAUSES, None]
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_receivers_that_failed_together_are_not_called_together() -> None:
    hour = (timedelta(hours=1),)
    told = [pause_after(1, hour, drawn) for drawn in (0.0, 0.5, 1.0)]
    assert told == [timedelta(hours=1), timedelta(minutes=63), timedelta(minutes=66)]


def test_the_body_is_the_same_at_every_try_and_for_a_ping_too() -> None:
    for episode in ("ep_1", None):
        told = Message(
            id="msg_1",
            type="ping",
            episode_id=episode,
            subject="we_1",
            version=1,
            occurred_at=datetime(2025, 10, 14, tzinfo=UTC),
        )
        assert told.payload("https://x.example/") == told.payload("https://x.example")
        assert (b"episode_id" in told.payload("")) is (episode is not None)
