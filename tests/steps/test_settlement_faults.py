"""Answers of the bureau that are lost, refused or not true: money moves once, or not at all."""

from __future__ import annotations

import json

import pytest
from temporalio.exceptions import ApplicationError

from activities.settlements import SettlementSteps, message_of
from crossclaim.domain.errors import Final
from tests.steps.clinic import ACCOUNT, CAPS, DAUGHTER, FATHER, PERSON, Clinic, Visit, fund
from tests.steps.test_settlements import E8A, owed

CONTRADICTIONS = {
    "split_wrong": "BUREAU_SPLIT_NOT_EQUAL",
    "other_person": "BUREAU_OTHER_PERSON",
    "other_amount": "BUREAU_OTHER_AMOUNT",
    "other_currency": "BUREAU_OTHER_CURRENCY",
    "bad_signature": "BUREAU_SIGNATURE_WRONG",
    "other_msgid": "BUREAU_OTHER_MESSAGE",
}


def billed(clinic: Clinic) -> Visit:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    assert visit.bill(*E8A).status == 200
    return visit


def in_force(clinic: Clinic) -> int:
    """Settlements that the bureau has and that were not taken back."""
    undone = [e for k in ("reversed", "cancelled") for e in clinic.bureau.journal(k)]
    return len(clinic.bureau.journal("settled")) - len(undone)


class SendsAgain(SettlementSteps):
    """The naive twin: a lost answer is sent again under a fresh message, nothing is asked first."""

    def _after_reversal(self, order, sending):  # type: ignore[no-untyped-def]
        return sending._replace(round=sending.round + sending.attempt.number)


def settled_through_a_lost_answer(clinic: Clinic, make: type[SettlementSteps]) -> Visit:
    visit = billed(clinic)
    clinic.bureau.script("accepted_answer_lost", match={"infno": "2207"})
    with pytest.raises(ApplicationError):
        visit.settle_as(make)
    assert visit.states() == ["submitted"]
    visit.settle_as(make)
    return visit


def test_a_settlement_whose_answer_is_lost_is_undone_and_made_once(clinic: Clinic) -> None:
    visit = settled_through_a_lost_answer(clinic, SettlementSteps)
    assert (visit.states(), in_force(clinic)) == (["approved"], 1)
    assert visit.ledger() == owed(fund=400, family=12600)
    first, second = clinic.bureau.journal("settled")
    assert first["msgid"] != second["msgid"]


def test_the_naive_twin_that_sends_again_settles_twice(clinic: Clinic) -> None:
    settled_through_a_lost_answer(clinic, SendsAgain)
    assert in_force(clinic) == 2


@pytest.mark.parametrize("fault", ["down", "error_500", "slow"])
def test_a_bureau_that_is_down_slow_or_broken_is_asked_again_and_settles_once(
    clinic: Clinic, fault: str
) -> None:
    visit = billed(clinic)
    clinic.bureau.script(fault, match={"infno": "2207"}, delay_s=6.0 if fault == "slow" else 0.0)
    with pytest.raises(ApplicationError):
        visit.settle()
    visit.settle()
    assert (visit.states(), in_force(clinic)) == (["approved"], 1)
    assert visit.ledger() == owed(fund=400, family=12600)


@pytest.mark.parametrize("fault", CONTRADICTIONS)
def test_a_settlement_that_cannot_be_true_moves_nothing_is_kept_and_heals_by_reversal(
    clinic: Clinic, fault: str
) -> None:
    visit = billed(clinic)
    before = visit.ledger()
    clinic.bureau.script(fault, match={"infno": "2207"})
    standing = visit.settle()
    assert (visit.states(), visit.ledger()) == (["queued"], before)
    assert standing.waiting_for == "BUREAU_SETTLEMENT"
    assert visit.kept() == [CONTRADICTIONS[fault]]
    assert visit.exceptions() == {"BUREAU_ANSWER_CONTRADICTS": CONTRADICTIONS[fault]}
    visit.inquire()
    assert (visit.states(), in_force(clinic)) == (["due"], 0)
    visit.settle()
    assert (visit.states(), in_force(clinic)) == (["approved"], 1)
    assert visit.ledger() == owed(fund=400, family=12600)
    assert visit.exceptions() == {}


class Believes(SettlementSteps):
    """The naive twin: takes the split out of whatever it is told."""

    def _set_aside(self, order, sending, error):  # type: ignore[no-untyped-def]
        said = json.loads(error.document)["output"]["setlinfo"]
        split = sending.quote.split
        assert split is not None
        paid = int(said["fund_pay_sumamt"].replace(".", ""))
        told = split.model_copy(
            update={
                "settlement": "S1",
                "fund": split.fund.model_copy(update={"amount_minor": paid}),
            }
        )
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None
            self._approved(tx, rows, order, sending.claim, told)
            tx.change_episode(order.episode_id)
        return


def test_the_naive_twin_that_believes_books_a_fen_that_nobody_owes(clinic: Clinic) -> None:
    visit = billed(clinic)
    clinic.bureau.script("split_wrong", match={"infno": "2207"})
    visit.settle_as(Believes)
    assert visit.ledger() != owed(fund=400, family=12600)
    assert visit.ledger()["hospital:hku-szh:bureau_fund_receivable"] == 401


@pytest.mark.parametrize("fault", CONTRADICTIONS)
def test_a_quote_that_cannot_be_true_refuses_the_bill_and_the_next_one_is_quoted_anew(
    clinic: Clinic, fault: str
) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    clinic.bureau.script(fault, match={"infno": "2206"})
    refused = visit.bill(*E8A)
    assert set(refused.codes) == {"BUREAU_ANSWER_CONTRADICTS"}
    assert [a["coverages"] for a in refused.body["alternatives"]] == [[]]
    assert (visit.ledger(), visit.kept()) == ({}, [CONTRADICTIONS[fault]])
    assert visit.rows().bills == []
    assert visit.bill(*E8A).status == 200
    assert visit.exceptions() == {}


def test_a_look_up_that_cannot_be_believed_is_repeated_and_nothing_is_known_before(
    clinic: Clinic,
) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT, looked_up=False)
    clinic.bureau.script("bad_signature", match={"infno": "1101"})
    with pytest.raises(ApplicationError):
        visit.look_up()
    assert not visit.standing().ready_for_bills
    assert visit.kept() == ["BUREAU_SIGNATURE_WRONG"]
    visit.look_up()
    assert visit.standing().ready_for_bills
    assert visit.exceptions() == {}


def test_settled_already_is_waited_out_reversed_and_settled_once(clinic: Clinic) -> None:
    visit = billed(clinic)
    clinic.bureau.script("already_settled", match={"infno": "2207"})
    visit.settle()
    assert (visit.states(), list(visit.exceptions())) == (["queued"], ["BUREAU_SAYS_SETTLED"])
    visit.inquire()
    visit.settle()
    assert (visit.states(), in_force(clinic)) == (["approved"], 1)
    assert visit.exceptions() == {}


def test_a_bill_taken_back_while_its_settlement_is_unknown_leaves_nothing_at_the_bureau(
    clinic: Clinic,
) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    answer = visit.bill(*E8A)
    clinic.bureau.script("accepted_answer_lost", match={"infno": "2207"})
    with pytest.raises(ApplicationError):
        visit.settle()
    assert visit.void(answer).status == 200
    visit.cancel()
    assert (visit.states(), visit.ledger(), in_force(clinic)) == (["voided"], {}, 0)


def test_a_settlement_that_the_bureau_refuses_for_good_waits_for_a_person(clinic: Clinic) -> None:
    visit = billed(clinic)
    row = {"persons": {PERSON[FATHER]: {"status": "2"}}}
    clinic.bureau._control.put("/_control/tables", json=row).raise_for_status()
    visit.settle()
    assert visit.states() == ["failed"]
    assert visit.exceptions() == {"BASIC_SETTLEMENT_REFUSED": "INSURED_SUSPENDED"}
    assert not visit.standing().closable


def test_a_zombie_attempt_that_ends_late_changes_nothing(clinic: Clinic) -> None:
    """The first worker's send is still on its way when the second one has settled."""
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    visit.bill(*E8A)
    late: list[SettlementSteps] = []

    class Stalls(SettlementSteps):
        def _after_reversal(self, order, sending):  # type: ignore[no-untyped-def]
            if not late:
                late.append(self)
                SettlementSteps(self._world).settle_bill(order)
            return super()._after_reversal(order, sending)

    visit.settle_as(Stalls)
    assert (visit.states(), in_force(clinic)) == (["approved"], 1)
    assert visit.ledger() == owed(fund=400, family=12600)
    assert visit.exceptions() == {}


def test_an_answer_to_a_message_that_was_undone_meanwhile_is_not_believed(clinic: Clinic) -> None:
    """A second attempt undid the first's message; then the first's slow answer comes."""
    visit = billed(clinic)
    due = visit.standing().settlement_due
    assert due is not None

    class First(SettlementSteps):
        def _settled(self, order, sending, split):  # type: ignore[no-untyped-def]
            def write() -> None:
                SettlementSteps._settled(self, order, sending, split)

            class Second(SettlementSteps):
                def _settled(self, order, sending, split):  # type: ignore[no-untyped-def]
                    write()
                    return super()._settled(order, sending, split)

            return Second(self._world).settle_bill(order)

    visit.settle_as(First)
    _, alive = clinic.bureau.journal("settled")
    (claim,) = visit.claims()
    assert (claim.state, claim.number) == ("approved", alive["setl_id"])
    assert (in_force(clinic), visit.ledger()) == (1, owed(fund=400, family=12600))


def test_a_refusal_of_a_message_that_was_undone_meanwhile_ends_nothing(clinic: Clinic) -> None:
    """A second attempt undid the first's message and sends its own; then the first's no comes."""
    visit = billed(clinic)
    late: list[object] = []

    class First(SettlementSteps):
        def _settled(self, order, sending, split):  # type: ignore[no-untyped-def]
            error = Final("the first message is refused", code="INSURED_SUSPENDED")

            class Second(SettlementSteps):
                def _settled(self, order, sending, split):  # type: ignore[no-untyped-def]
                    late.append(SettlementSteps._refused(self, order, first, error))
                    return super()._settled(order, sending, split)

            first = sending
            return Second(self._world).settle_bill(order)

    visit.settle_as(First)
    assert late and visit.states() == ["approved"]
    assert (in_force(clinic), visit.ledger()) == (1, owed(fund=400, family=12600))
    assert visit.exceptions() == {}


def test_a_repeated_step_settles_nothing_more(clinic: Clinic) -> None:
    visit = billed(clinic)
    due = visit.standing().settlement_due
    assert due is not None
    visit.settle()
    SettlementSteps(clinic.world).settle_bill(visit._about(due))
    assert in_force(clinic) == 1


def test_no_person_stands_in_a_reference_of_a_message(clinic: Clinic) -> None:
    visit = billed(clinic)
    (claim,) = visit.claims()
    assert FATHER not in message_of(claim, 1) and DAUGHTER not in message_of(claim, 1)
    attempts = visit.select(
        "select reference, code from outbound_attempt where episode_id = %(id)s", id=visit.episode
    )
    assert PERSON[FATHER] not in str(attempts)
