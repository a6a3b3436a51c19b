"""The daily statement of a merchant: every payment and refund of a day, and their sum."""

from __future__ import annotations

import hashlib

from crossclaim.simulators.acquirer.orders import No, Row
from crossclaim.simulators.party import Party


class Statements:
    def __init__(self, party: Party) -> None:
        self._party = party
        self._state = party.state

    def download(self, asked: Row) -> Row:
        """Of a day that is over; today's is made tomorrow."""
        day, merchant = str(asked["bill_date"]), str(asked["mch_id"])
        if day >= self._party.clock.now().strftime("%Y%m%d"):
            raise No("BILLNOTREADY", bill_date=day)
        content = self._content(merchant, day)
        self._party.journal.write("stated", mch_id=merchant, bill_date=day)
        digest = hashlib.sha256(content.encode()).hexdigest()
        return {"bill_date": day, "content": content, "content_hash": digest}

    def _content(self, merchant: str, day: str) -> str:
        paid = self._state.every(
            "SELECT * FROM payment WHERE mch_id = ? AND substr(paid_at, 1, 8) = ? ORDER BY number",
            merchant,
            day,
        )
        back = self._state.every(
            "SELECT * FROM refund WHERE mch_id = ? AND status = 'SUCCESS'"
            " AND substr(refunded_at, 1, 8) = ? ORDER BY refund_id",
            merchant,
            day,
        )
        lines = [f"PAY,{p['paid_at']},{p['out_trade_no']},{p['number']},{p['fee']}" for p in paid]
        lines += [
            f"REFUND,{r['refunded_at']},{r['out_refund_no']},{r['refund_id']},{r['fee']}"
            for r in back
        ]
        whole = sum(p["fee"] for p in paid) - sum(r["fee"] for r in back)
        head = "type,time,out_no,number,fee"
        return "\n".join([head, *lines, f"TOTAL,,,{len(lines)},{whole}"]) + "\n"
