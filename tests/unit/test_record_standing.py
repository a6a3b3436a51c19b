"""What is due about records, and when: never before its time, never for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from crossclaim.domain.health_record import years_before
from crossclaim.domain.record_rows import RecordDeliveryRow, RecordRequestRow
from crossclaim.domain.record_standing import RecordStanding, record_standing

NOW = datetime(2026, 4, 2, 6, 0, tzinfo=UTC)
SOON, LIMIT = NOW + timedelta(seconds=10), NOW + timedelta(hours=24)

REQUEST = RecordRequestRow(
    id="rq_1",
    number="RR-1",
    system="ehealth",
    institution="GBA-1",
    reference="RQ1",
    state="due",
    requested_at=NOW,
    requested_by="DR-1",
    expires_at=NOW + timedelta(minutes=10),
    give_up_at=LIMIT,
    window_from=date(2023, 4, 2),
    window_until=date(2026, 4, 2),
    sections=["encounters"],
)
DEPOSIT = RecordDeliveryRow(
    id="rd_1",
    number="RD-1",
    kind="visit_summary",
    institution="GBA-1",
    reference="RD1",
    state="due",
    asked_at=NOW,
    due_within_s=3600,
)


def standing(
    *rows: RecordRequestRow | RecordDeliveryRow,
    at: datetime = NOW,
    over: bool = True,
    over_at: datetime | None = None,
) -> RecordStanding | None:
    requests = [row for row in rows if isinstance(row, RecordRequestRow)]
    deliveries = [row for row in rows if isinstance(row, RecordDeliveryRow)]
    return record_standing(requests, deliveries, over, over_at, at)


def test_nothing_is_due_where_nothing_is_open() -> None:
    assert standing() is None
    for state in ("answered", "refused", "expired", "stopped", "set_aside", "lost"):
        assert standing(REQUEST.model_copy(update={"state": state})) is None
    for state in ("delivered", "refused", "stopped", "lapsed"):
        assert standing(DEPOSIT.model_copy(update={"state": state})) is None


def test_a_request_is_due_at_once_then_after_its_pause_then_given_up() -> None:
    assert standing(REQUEST) == RecordStanding(step="fetch_records", subject="rq_1")
    paused = REQUEST.model_copy(update={"state": "sent", "next_try_at": SOON})
    assert standing(paused) == RecordStanding(look_again_at=SOON)
    assert standing(paused, at=SOON) == RecordStanding(step="fetch_records", subject="rq_1")
    assert standing(paused, at=LIMIT) == RecordStanding(step="give_up_record", subject="rq_1")
    never = paused.model_copy(update={"next_try_at": LIMIT + timedelta(hours=1)})
    assert standing(never) == RecordStanding(look_again_at=LIMIT)


def test_what_a_person_waits_for_comes_before_what_is_handed_in() -> None:
    due = standing(DEPOSIT, REQUEST)
    assert due is not None and due.subject == "rq_1"
    paused = REQUEST.model_copy(update={"state": "sent", "next_try_at": SOON})
    due = standing(DEPOSIT, paused)
    assert due is not None and due.subject == "rd_1"


def test_a_deposit_waits_for_the_end_of_the_visit_and_its_limit_begins_there() -> None:
    assert standing(DEPOSIT, over=False) == RecordStanding()
    over_at = NOW + timedelta(days=30)
    just_over = standing(DEPOSIT, at=over_at, over_at=over_at)
    assert just_over == RecordStanding(step="deliver_record", subject="rd_1")
    limit = over_at + timedelta(hours=1)
    assert standing(DEPOSIT, at=limit, over_at=over_at) == RecordStanding(
        step="give_up_record", subject="rd_1"
    )


def test_the_word_of_a_changed_consent_waits_for_no_discharge() -> None:
    word = DEPOSIT.model_copy(update={"kind": "consent_withdrawn"})
    assert standing(word, over=False) == RecordStanding(step="deliver_record", subject="rd_1")


def test_years_are_counted_to_the_same_day() -> None:
    assert years_before(date(2026, 4, 2), 3) == date(2023, 4, 2)
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
