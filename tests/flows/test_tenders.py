"""Payments and refunds through workflow, API and acquirer, beside everything else of an episode."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

from crossclaim.stack import Stack
from crossclaim.wiring import worker_house
from tests.flows.acquired import CARD, WECHAT, asked, own_bill, void
from tests.flows.hospital import Body, Episode, Hospital, cny, next_number
from tests.flows.money import ledger
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import WINDOW, VoucherVisit
from workflows.policies import EPISODES


def paid(episode: Episode) -> Body:
    return episode.wait("payments", state="paid")


def test_a_lost_answer_is_taken_once_and_the_episode_closes(
    jiangmen: Hospital, voucher: Simulator, acquirer: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    bill = own_bill(visit)
    episode.say("bills", bill)
    acquirer.fault("accepted_answer_lost", operation="micropay")
    told = episode.say("tenders", asked(bill, ("wechat", "1286.40", WECHAT)))
    assert told["still_due"] == cny("1286.40")
    rows = episode.closed()
    (payment,) = rows["payments"]
    assert (payment["state"], payment["amount_minor"]) == ("paid", 128640)
    assert len(acquirer.journal("charged", out_trade_no=payment["reference"])) == 1
    assert ledger(rows) == {}


def test_a_void_gives_each_tender_its_own_back_and_the_story_says_so(
    jiangmen: Hospital, voucher: Simulator, acquirer: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    bill = own_bill(visit)
    episode.say("bills", bill)
    episode.say("tenders", asked(bill, ("foreign_card", "1000.00", CARD)))
    paid(episode)
    episode.tender(bill, "286.40", WINDOW)
    episode.closed()
    episode.say("voids", void(bill))
    episode.wait("refunds", route="acquirer", state="refunded")
    assert episode.rows()["episode"]["status"] == "open"
    episode.paid_back()
    rows = episode.rows()
    assert ledger(rows) == {}
    assert {(r["method"], r["route"], r["state"], r["amount_minor"]) for r in rows["refunds"]} == {
        ("foreign_card", "acquirer", "refunded", 100_000),
        ("bank_card", "cashier", "refunded", 28_640),
    }
    story = jiangmen.get(f"{episode.path}/story").json()
    told = " ".join(line["text"] for line in story["story"])
    for words in (
        "is asked of the payer by foreign card",
        "The foreign card was charged HKD 1092.90",
        "goes back by foreign card",
        "cashier is to give CNY 286.40",
        "is back with the patient",
    ):
        assert words in told, words


def test_a_payer_at_the_window_does_not_wait_for_a_funder_that_is_down(
    jiangmen: Hospital, voucher: Simulator, acquirer: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    episode.say("bills", visit.bill)
    voucher.fault("down", times=-1, operation="claim", account=visit.account)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.wait("claims", state="submitted")
    bill = own_bill(visit)
    episode.say("bills", bill)
    episode.say("tenders", asked(bill, ("wechat", "1286.40", WECHAT)))
    assert paid(episode)["claims"][0]["state"] == "submitted"
    voucher.faults()
    episode.closed()


def test_a_payer_who_takes_his_time_is_closed_and_may_pay_otherwise(
    jiangmen: Hospital, voucher: Simulator, acquirer: Simulator
) -> None:
    code = f"1300000000{next_number():08d}"
    acquirer.tables(payers={code: {"paying_s": 3600}})
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    bill = own_bill(visit)
    episode.say("bills", bill)
    episode.say("tenders", asked(bill, ("wechat", "1286.40", code)))
    rows = episode.wait("payments", state="closed")
    assert acquirer.journal("charged", out_trade_no=rows["payments"][0]["reference"]) == []
    episode.tender(bill, "1286.40", WINDOW)
    assert ledger(episode.closed()) == {}


def test_no_insurer_and_no_log_learns_the_payers_code(
    jiangmen: Hospital, voucher: Simulator, acquirer: Simulator, flow_stack: Stack
) -> None:
    code = f"1399999999{next_number():08d}"
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    bill = own_bill(visit)
    episode.say("bills", bill)
    episode.say("tenders", asked(bill, ("wechat", "1286.40", code)))
    rows = episode.closed()
    assert code not in str(rows)
    assert code not in jiangmen.get(f"{episode.path}/story").text

    def logs() -> bool:
        return any(file.stat().st_size for file in flow_stack.home.logs.glob("*.log"))

    until(logs, "logs of the stack")
    for file in flow_stack.home.logs.glob("*.log"):
        if not file.name.startswith("acquirer"):
            assert code not in file.read_text(errors="replace"), file.name


def test_what_was_paid_twice_wakes_an_episode_that_was_over_and_goes_back(
    jiangmen: Hospital, voucher: Simulator, acquirer: Simulator, flow_stack: Stack
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    bill = own_bill(visit)
    episode.say("bills", bill)
    acquirer.fault("paid_twice", operation="micropay")
    episode.say("tenders", asked(bill, ("wechat", "1286.40", WECHAT)))
    rows = episode.closed()
    reference = rows["payments"][0]["reference"]
    assert len(acquirer.journal("charged", out_trade_no=reference)) == 2
    day = datetime.fromisoformat(rows["payments"][0]["paid_at"])
    acquirer.later(86_400)
    asyncio.run(compared(flow_stack, day))
    rows = episode.wait("refunds", state="refunded")
    assert [(r["cause"], r["amount_minor"]) for r in rows["refunds"]] == [("PAID_TWICE", 128_640)]
    assert ledger(episode.closed()) == {}


async def compared(stack: Stack, day: datetime) -> None:
    """The morning's comparison, for the day of the payment."""
    client = await worker_house(stack.settings).client(lazy=False)
    local = day.astimezone(timezone(timedelta(hours=8))).date()
    await client.execute_workflow(
        "AcquirerDayWorkflow", local, id=f"day-{next_number()}", task_queue=EPISODES
    )
