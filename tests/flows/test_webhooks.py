"""Webhooks from the real worker: what an episode does is heard in its order by its hospital."""

from __future__ import annotations

from pathlib import Path

from tests.flows.hospital import Hospital
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit
from tests.steps.webhook_rig import ReceiverProcess

PLACE = "/v1/webhook-endpoints"
EXPECTED = ["episode.opened", "bill.split", "claim.decided", "episode.closed"]


def test_an_episode_is_heard_in_its_order_by_a_receiver_that_failed_once(
    jiangmen: Hospital, voucher: Simulator, tmp_path: Path
) -> None:
    receiver = ReceiverProcess(tmp_path)
    made = jiangmen.post(PLACE, {"url": receiver.url}).json()
    receiver.knows(made["secret"])
    receiver.script({"episode.opened": [500]})
    receiver.start()
    try:
        visit = VoucherVisit(jiangmen, voucher, balance_hkd=2000)
        bill = visit.bill_of(("consultation", "70.00"), ("treatment", "200.00"))
        episode = visit.open()
        episode.say("bills", bill)
        visit.bill = bill
        episode.say("tenders", visit.signed_tender("0.07"))
        episode.closed()

        def heard() -> list[str] | None:
            lines = [x for x in receiver.journal() if x["data"].get("episode_id") == episode.id]
            types = [line["type"] for line in lines if line["status"] < 300]
            return types if set(EXPECTED) <= set(types) else None

        types = until(heard, "the episode's events")
        assert [one for one in dict.fromkeys(types) if one in EXPECTED] == EXPECTED
        log = jiangmen.get(
            f"{PLACE}/{made['id']}/messages?episode={episode.id}&type=episode.opened"
        )
        (opened,) = log.json()["messages"]
        assert (opened["status"], opened["tries"]) == ("delivered", 2)
    finally:
        receiver.kill()
        answer = jiangmen._http.request("DELETE", f"{PLACE}/{made['id']}")
        assert answer.status_code == 204
