"""A letter of an insurer that decides there: raised once, by whichever answer comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from activities.guarantee_changes import GuaranteeChangeSteps
from crossclaim.domain.guarantee_standing import INQUIRE
from crossclaim.domain.money import Money, hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer, GuaranteeAnswer, GuaranteeOrder
from crossclaim.domain.submission import SubmissionKind
from tests.steps.examiner import Examiner
from tests.steps.guarantee_stay import Stay, at
from tests.steps.rig import HARBOUR, HOSPITAL, Rig

LETTER = 3_000_000


@dataclass
class Raising(Examiner):
    """Guarantees HKD 30,000 at once; whether and when it gives more a test says."""

    says: AnswerState = AnswerState.APPROVED
    more: Money = field(default_factory=lambda: hk_cents(5_000_000))
    asked: list[GuaranteeOrder] = field(default_factory=list)
    told_end: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(limit_hkd=30_000)

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        self.asked.append(order)
        if not order.replaces:
            first = super().request_guarantee(order)
            return first.model_copy(update={"valid_until": date(2026, 4, 10)})
        return self.answered(order.reference, self.says)

    def answered(self, reference: str, says: AnswerState) -> GuaranteeAnswer:
        given = says is AnswerState.APPROVED
        return GuaranteeAnswer(
            reference=reference,
            state=says,
            guarantee_number="LG-harbour-life" if given else "",
            limit=self.more if given else None,
            valid_until=date(2026, 5, 10) if given else None,
        )

    def find_guarantee(self, reference: str) -> GuaranteeAnswer:
        known = any(order.reference == reference for order in self.asked)
        return self.answered(reference, self.says if known else AnswerState.NOT_FOUND)

    def release_guarantee(self, guarantee_number: str, reference: str, at: datetime) -> None:
        self.told_end.append(reference)

    def read_callback(self, text: str) -> GuaranteeAnswer | ClaimAnswer:  # type: ignore[override]
        return GuaranteeAnswer.model_validate_json(text)


def opened(rig: Rig, **how: object) -> tuple[Stay, Raising]:
    insurer = Raising(**how)  # type: ignore[arg-type]
    stay = Stay.opened(rig, HARBOUR, party=insurer)
    assert stay.ledger() == (LETTER, 0, -LETTER)
    return stay, insurer


def heard(stay: Stay, answer: GuaranteeAnswer) -> None:
    content = {"resource": answer.model_dump_json()}
    assert stay.say(SubmissionKind.INSURER_ANSWER, content, HARBOUR).status == 200


def test_more_is_asked_for_under_the_letters_number_and_only_the_difference_reserved(
    rig: Rig,
) -> None:
    stay, insurer = opened(rig)
    assert stay.ask("45750.00", "2026-05-10").status == 202
    stay.follow()
    order = insurer.asked[-1]
    assert (order.replaces, order.guarantee_number) == (stay.letter().reference, "LG-harbour-life")
    assert order.wanted_until == date(2026, 5, 10)
    assert stay.ledger() == (5_000_000, 0, -5_000_000)
    assert (stay.letter().valid_until, stay.request().state) == (date(2026, 5, 10), "granted")
    first = insurer.answered(stay.request().reference, AnswerState.APPROVED)
    insurer.more = hk_cents(9_000_000)
    for late in (first, insurer.answered(stay.request().reference, AnswerState.APPROVED)):
        heard(stay, late)
    assert stay.ledger() == (5_000_000, 0, -5_000_000), "an answer counts once"


def test_a_promised_answer_is_inquired_about_and_comes_once(rig: Rig) -> None:
    stay, insurer = opened(rig, says=AnswerState.QUEUED)
    stay.ask("45750.00")
    standing = stay.follow()
    assert stay.request().state == "queued"
    assert standing.guarantee is not None and standing.guarantee.look_again_at is not None
    stay.now = standing.guarantee.look_again_at
    assert stay.clock().step == INQUIRE
    insurer.says = AnswerState.APPROVED
    stay.follow()
    assert stay.ledger() == (5_000_000, 0, -5_000_000)
    assert len(insurer.asked) == 2, "asked once for the letter and once for more"


def test_a_zombie_attempt_after_the_answer_changes_nothing(rig: Rig) -> None:
    stay, insurer = opened(rig)
    stay.ask("45750.00")
    stay.follow()
    GuaranteeChangeSteps(stay.rig.world).request_guarantee_change(stay.about(stay.request().id))
    assert len(insurer.asked) == 2
    assert stay.ledger() == (5_000_000, 0, -5_000_000)


def test_an_answer_after_the_end_of_the_letter_promises_nothing(rig: Rig) -> None:
    stay, insurer = opened(rig, says=AnswerState.QUEUED)
    stay.ask("45750.00")
    stay.follow()
    reference = stay.request().reference
    stay.now = at("04-11 00:00")
    stay.follow()
    assert (stay.letter().state, stay.request().state) == ("expired", "lapsed")
    heard(stay, insurer.answered(reference, AnswerState.APPROVED))
    assert stay.ledger() == (0, 0, 0)


def test_a_limit_below_what_was_promised_or_in_other_money_is_a_persons_question(rig: Rig) -> None:
    stay, insurer = opened(rig)
    insurer.more = hk_cents(2_000_000)
    stay.ask("45750.00")
    standing = stay.follow()
    assert rig.exceptions(stay.episode) == {"ANSWER_NOT_USABLE": "LIMIT_BELOW_PROMISE"}
    assert stay.ledger() == (LETTER, 0, -LETTER)
    insurer.more = hk_cents(5_000_000)
    assert standing.guarantee is not None and standing.guarantee.look_again_at is not None
    stay.now = standing.guarantee.look_again_at
    stay.follow()
    assert stay.ledger() == (5_000_000, 0, -5_000_000) and rig.exceptions(stay.episode) == {}


def test_the_insurer_takes_its_letter_back_by_its_own_message(rig: Rig) -> None:
    stay, _ = opened(rig)
    gone = GuaranteeAnswer(
        reference=stay.letter().reference,
        state=AnswerState.WITHDRAWN,
        disposition="WITHDRAWN_BY_INSURER",
    )
    heard(stay, gone)
    heard(stay, gone)
    assert (stay.letter().state, stay.ledger()) == ("withdrawn", (0, 0, 0))
    assert rig.exceptions(stay.episode) == {"GUARANTEE_WITHDRAWN": "WITHDRAWN_BY_INSURER"}


def test_the_hospitals_withdrawal_is_told_to_the_insurer_once(rig: Rig) -> None:
    stay, insurer = opened(rig)
    assert stay.withdraw(HOSPITAL).status == 200
    stay.follow()
    stay.follow()
    assert insurer.told_end == [f"{stay.letter().reference}R"]
    assert stay.ledger() == (0, 0, 0)


def test_a_letter_takes_two_round_trips_to_its_insurer_and_more_one_more(rig: Rig) -> None:
    """What the hospital waits for beside our own steps: no second question, no look."""
    stay, _ = opened(rig)
    assert round_trips(rig, stay) == ["eligibility", "guarantee"]
    stay.ask("45750.00")
    stay.follow()
    assert round_trips(rig, stay) == ["eligibility", "guarantee", "guarantee"]


def round_trips(rig: Rig, stay: Stay) -> list[str]:
    with rig.database.begin() as connection:
        found = connection.execute(
            "select operation from outbound_attempt where episode_id = %(id)s order by id",
            {"id": stay.episode},
        ).mappings()
        return [row["operation"] for row in found]
