"""What the exchange hears unasked: a decision once there is one, and topics, once each."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.hcx_notices import HcxNoticeSteps
from activities.orders import HcxNoticeOrder
from crossclaim.config import HcxSelf
from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown
from crossclaim.domain.hcx import CLAIM, Headers
from crossclaim.domain.hcx_cycle import Arrived
from crossclaim.domain.hcx_topics import Subscription, Topic
from crossclaim.gateways.hcx_keys import KeyBook, KeyDates
from crossclaim.service.fhir_reads import FhirDesk
from crossclaim.service.hcx_news import HcxNews
from crossclaim.stack import Stack
from crossclaim.store.hcx_notices import SqlHcxNotices, SqlHcxSubscriptions
from crossclaim.store.hcx_tables import SqlHcxArrivals
from crossclaim.wiring import House, api_house, worker_house
from tests.steps.rig import AT, HARBOUR, HOSPITAL, MUTUAL, Rig, Visit, policy_number

THEIRS, OURS = "shenzhen@hcx", "mutual@hcx"


@dataclass
class Book:
    """Who we are, and a key of ours that ends in a week."""

    own: dict[str, HcxSelf]
    keys: list[KeyDates] = field(default_factory=list)

    def dates(self) -> list[KeyDates]:
        return self.keys


@dataclass
class There:
    failures: list[GatewayError] = field(default_factory=list)
    sent: list[tuple[str, Headers, dict[str, Any]]] = field(default_factory=list)

    def send(self, action: str, headers: Headers, content: bytes) -> None:
        self.sent.append((action, headers, json.loads(content)))
        if self.failures:
            raise self.failures.pop(0)


@dataclass
class Desk:
    rig: Rig
    worker: House
    api: House
    there: There = field(default_factory=There)

    def __post_init__(self) -> None:
        ours = HcxSelf(code=OURS, organisation=MUTUAL)
        self.book = Book({OURS: ours})
        self.rows = SqlHcxNotices(self.worker.database, self.worker.keyring)
        insurers = frozenset({MUTUAL, HARBOUR})
        fhir = FhirDesk(self.worker.database, self.worker.keyring, self.rig.world.reference)
        self.news = HcxNews(
            cast(KeyBook, self.book),
            self.rows,
            {THEIRS: self.there},  # type: ignore[dict-item]
            fhir,
            insurers,
            lambda: AT,
        )
        self.steps = HcxNoticeSteps(replace(self.rig.world, hcx_notices=self.news))

    def asked(self, visit: Visit, **said: str) -> Arrived:
        """A claim about the visit that came over the exchange and was answered: queued."""
        request = Arrived(
            organisation=HOSPITAL,
            episode_id=visit.episode,
            sender=THEIRS,
            recipient=OURS,
            action=CLAIM,
            api_call_id=str(uuid.uuid4()),
            correlation_id=str(uuid.uuid4()),
            workflow_id="visit-1",
            status="response.partial",
            sha256="a" * 64,
            content='{"resourceType": "ClaimResponse", "outcome": "queued"}',
        ).model_copy(update=said)
        SqlHcxArrivals(self.api.database, self.api.keyring).keep(request)
        return request

    def wishes(self, topic: Topic, *, active: bool = True) -> None:
        wish = Subscription(
            topic=topic,
            subscriber=THEIRS,
            sender=OURS,
            active=active,
            expires_at=AT + timedelta(days=9000),
        )
        SqlHcxSubscriptions(self.api.database).add(HOSPITAL, wish)

    def waiting(self, visit: Visit) -> list[int]:
        mine = (self.rows.due(number) for number in self.rows.waiting(1000))
        return [one.number for one in mine if one.episode_id == visit.episode]

    def tell(self, number: int) -> str:
        order = HcxNoticeOrder(notice=number, at=AT)
        outcome: str = ActivityEnvironment().run(self.steps.send_hcx_notice, order)
        return outcome


@pytest.fixture
def desk(rig: Rig, stack: Stack) -> Iterator[Desk]:
    desk = Desk(rig, worker_house(stack.settings), api_house(stack.settings))
    yield desk
    for topic in Topic:
        desk.wishes(topic, active=False)
    desk.worker.database.close()
    desk.api.database.close()


def visited(desk: Desk) -> Visit:
    return desk.rig.visit(policy_number())


def test_who_sent_a_claim_hears_its_decision_on_its_own_cycle_without_asking(desk: Desk) -> None:
    visit = visited(desk)
    request = desk.asked(visit)
    visit.accepted()
    visit.decide()
    (number,) = desk.waiting(visit)
    assert desk.tell(number) == "told"
    ((action, headers, told),) = desk.there.sent
    assert (action, told["resourceType"], told["outcome"]) == (
        "claim/on_submit",
        "ClaimResponse",
        "partial",
    )
    assert (headers.correlation_id, headers.workflow_id) == (request.correlation_id, "visit-1")
    assert (headers.sender, headers.recipient, headers.status) == (
        OURS,
        THEIRS,
        "response.complete",
    )
    # A second run of the same notice tells nothing again.
    assert desk.tell(number) == "" and desk.waiting(visit) == []
    assert len(desk.there.sent) == 1


def test_a_notice_before_the_decision_ends_and_the_decision_brings_another(desk: Desk) -> None:
    visit = visited(desk)
    desk.asked(visit)
    visit.accepted()
    desk.rig.change(
        "insert into hcx_notice (organisation_id, sender, recipient, request_id, episode_id,"
        " subject) select organisation_id, recipient, sender, id, episode_id, 'early'"
        " from hcx_message where episode_id = %(episode)s and opens",
        episode=visit.episode,
    )
    (early,) = desk.waiting(visit)
    assert (desk.tell(early), desk.there.sent) == ("undecided", [])
    visit.decide()
    (decided,) = desk.waiting(visit)
    assert desk.tell(decided) == "told"


def test_a_topic_is_told_to_who_subscribed_and_names_nobody(desk: Desk) -> None:
    visit = visited(desk)
    request = desk.asked(visit)
    desk.wishes(Topic.CLAIM_STATUS)
    visit.accepted()
    visit.decide()
    decision, topic = desk.waiting(visit)
    assert (desk.tell(topic), desk.tell(decision)) == ("told", "told")
    (action, headers, told), _ = desk.there.sent
    assert (action, headers.status) == ("notification/notify", "request.queued")
    assert headers.correlation_id != request.correlation_id
    claim = visit.claim("direct")
    assert told["topic_code"] == Topic.CLAIM_STATUS.value
    assert told["message_data"] == {"status": claim.state, "subject": claim.id}
    assert told["reference"] == request.correlation_id


def test_without_a_subscription_or_a_cycle_nobody_is_told_anything(desk: Desk) -> None:
    quiet, silent = visited(desk), visited(desk)
    desk.asked(quiet)
    for visit in (quiet, silent):
        visit.accepted()
        visit.decide()
    assert len(desk.waiting(quiet)) == 1, "the decision alone"
    assert desk.waiting(silent) == []


def test_who_unsubscribed_meanwhile_is_not_told(desk: Desk) -> None:
    visit = visited(desk)
    desk.asked(visit)
    desk.wishes(Topic.CLAIM_STATUS)
    visit.accepted()
    visit.decide()
    desk.wishes(Topic.CLAIM_STATUS, active=False)
    assert [desk.tell(number) for number in desk.waiting(visit)] == ["told", "unsubscribed"]


def test_a_notice_that_is_refused_for_good_is_told_no_more(desk: Desk) -> None:
    visit = visited(desk)
    desk.asked(visit)
    visit.accepted()
    visit.decide()
    (number,) = desk.waiting(visit)
    desk.there.failures.append(Final("no", code="ERR_INVALID_CORRELATION_ID"))
    assert desk.tell(number) == "refused"
    assert desk.waiting(visit) == []


def changed(desk: Desk, visit: Visit, state: str) -> None:
    """An insurer's word on the claim as a later decision leaves it."""
    desk.rig.change(
        "update claim set state = %(state)s where episode_id = %(episode)s and kind = 'direct'",
        state=state,
        episode=visit.episode,
    )


def decided(desk: Desk) -> tuple[Visit, dict[str, Any]]:
    """A visit whose asker was told of the first decision."""
    visit = visited(desk)
    desk.asked(visit)
    visit.accepted()
    visit.decide()
    (first,) = desk.waiting(visit)
    assert desk.tell(first) == "told"
    return visit, desk.there.sent[-1][2]


def told_until_quiet(desk: Desk, visit: Visit) -> list[str]:
    """Sweep after sweep, until nothing about the visit waits."""
    ended: list[str] = []
    while waiting := desk.waiting(visit):
        ended += [desk.tell(number) for number in waiting]
    return ended


def test_a_decision_that_comes_back_to_what_was_told_is_not_told_again(desk: Desk) -> None:
    visit, _ = decided(desk)
    before = visit.claim("direct").state
    changed(desk, visit, "denied")
    changed(desk, visit, before)
    assert told_until_quiet(desk, visit) == ["unchanged"]
    assert len(desk.there.sent) == 1


def test_a_decision_that_goes_there_and_back_is_told_as_it_stands_at_last(desk: Desk) -> None:
    visit, first = decided(desk)
    before = visit.claim("direct").state
    changed(desk, visit, "denied")
    assert told_until_quiet(desk, visit) == ["told"]
    changed(desk, visit, before)
    assert told_until_quiet(desk, visit) == ["told"]
    told = [one[2] for one in desk.there.sent]
    assert told[0] == told[2] == first != told[1]
    # Under the id of the first its receiver would take it for the first, and keep the second.
    assert len({headers.api_call_id for _, headers, _ in desk.there.sent}) == 3


def test_what_may_have_arrived_counts_as_said(desk: Desk) -> None:
    visit, first = decided(desk)
    before = visit.claim("direct").state
    changed(desk, visit, "denied")
    (lost,) = desk.waiting(visit)
    desk.there.failures.append(OutcomeUnknown("lost", code="TIMED_OUT"))
    with pytest.raises(ApplicationError):
        desk.tell(lost)
    changed(desk, visit, before)
    assert desk.waiting(visit) == [lost], "what is on its way goes first"
    assert desk.tell(lost) == "superseded"
    assert told_until_quiet(desk, visit) == ["told"]
    assert desk.there.sent[-1][2] == first


def test_a_change_while_a_notice_is_being_sent_is_told_after_it(desk: Desk) -> None:
    visit = visited(desk)
    desk.asked(visit)
    visit.accepted()
    visit.decide()
    (number,) = desk.waiting(visit)
    send = desk.there.send

    def meanwhile(action: str, headers: Headers, content: bytes) -> None:
        send(action, headers, content)
        changed(desk, visit, "denied")

    desk.there.send = meanwhile  # type: ignore[method-assign]
    assert desk.tell(number) == "told"
    desk.there.send = send  # type: ignore[method-assign]
    assert told_until_quiet(desk, visit) == ["told"]
    first, last = (told for _, _, told in desk.there.sent)
    assert first["outcome"] == "partial" and last != first


def test_of_a_topic_only_the_last_state_is_told_and_once(desk: Desk) -> None:
    visit = visited(desk)
    desk.asked(visit)
    desk.wishes(Topic.CLAIM_STATUS)
    visit.accepted()
    told_until_quiet(desk, visit)
    desk.there.sent.clear()
    for state in ("pended", "denied", "pended"):
        changed(desk, visit, state)
    told_until_quiet(desk, visit)
    topics = [told for action, _, told in desk.there.sent if action == "notification/notify"]
    assert [one["message_data"]["status"] for one in topics] == ["pended"]


@pytest.mark.parametrize("topic", [False, True])
def test_what_was_to_be_told_of_somebody_erased_ends_with_that_reason(
    desk: Desk, topic: bool
) -> None:
    visit = visited(desk)
    desk.asked(visit)
    if topic:
        desk.wishes(Topic.CLAIM_STATUS)
    visit.accepted()
    visit.decide()
    numbers = desk.waiting(visit)
    desk.rig.change(
        "update data_key set wrapped = null, destroyed_at = now() where scope = %(scope)s",
        scope=visit.episode,
    )
    fresh = Desk(desk.rig, worker_house(desk.worker.settings), desk.api, desk.there)
    assert len(numbers) == 1 + topic
    assert {fresh.tell(number) for number in numbers} == {"erased"}
    assert desk.there.sent == [] and desk.waiting(visit) == []
    found = desk.rig._select("select outcome from hcx_notice where number = any(%(n)s)", n=numbers)
    assert {row["outcome"] for row in found} == {"erased"}
    fresh.worker.database.close()


def test_a_key_that_ends_soon_is_announced_once(desk: Desk) -> None:
    ends = AT + timedelta(days=7)
    kid = uuid.uuid4().hex
    desk.book.keys = [
        KeyDates(participant=OURS, kid=kid, use="enc", starts=AT, ends=ends),
        KeyDates(participant=THEIRS, kid="theirs", use="enc", starts=AT, ends=ends),
    ]
    assert desk.news.note_ending_keys() == 0, "nobody wants to know"
    desk.wishes(Topic.KEY_EXPIRY)
    assert (desk.news.note_ending_keys(), desk.news.note_ending_keys()) == (1, 0)
    number = max(desk.rows.waiting(1000))
    assert desk.tell(number) == "told"
    ((action, _, told),) = desk.there.sent
    assert action == "notification/notify"
    assert told["message_data"] == {"use": "enc", "ends_at": ends.isoformat(), "subject": kid}


def test_a_participant_that_is_away_keeps_no_other_waiting(desk: Desk) -> None:
    add = (
        "insert into hcx_notice (organisation_id, sender, recipient, topic, subject, recorded_at)"
        " values (%(who)s, %(ours)s, %(to)s, %(topic)s, %(subject)s,"
        " now() - make_interval(mins => %(age)s))"
    )
    known = {"who": HOSPITAL, "ours": OURS, "topic": Topic.DOWNTIME.value}
    for age in (9, 8, 7):
        desk.rig.change(add, **known, to="away@hcx", subject=f"away-{age}", age=age)
    desk.rig.change(add, **known, to="here@hcx", subject="here", age=0)
    waiting = [desk.rows.due(number) for number in desk.rows.waiting(1000)]
    recipients = {one.recipient for one in waiting}
    begun = desk.rows.waiting(len(recipients))
    assert {desk.rows.due(number).recipient for number in begun} == recipients
    away = [one.subject for one in waiting if one.recipient == "away@hcx"]
    assert away == ["away-9", "away-8", "away-7"], "of one's own the oldest comes first"
    for one in waiting:
        if one.recipient in ("away@hcx", "here@hcx"):
            desk.rows.end(one.number, "refused")
