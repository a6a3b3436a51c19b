"""Signs envelopes to a bureau process as an institution does."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from tests.simulators.party_process import PartyProcess

PATH = "/fsi/api/rsfComIfsService/callService"
SECRET = "secret-of-the-tests"
INSTITUTION = "H44070300001"
DAUGHTER, FATHER = "P4407030000000001", "P4407030000000002"

Row = dict[str, Any]


def signed(head: str, content: Any, secret: str = SECRET) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(secret.encode(), f"{head}\n{text}".encode(), hashlib.sha256).hexdigest()


class BureauDesk:
    """Every call has a message id of its own unless one is given."""

    def __init__(self, process: PartyProcess) -> None:
        self.process = process
        self._count = 0

    def envelope(self, infno: str, content: Row, msgid: str = "", **changes: Any) -> Row:
        self._count += 1
        msgid = msgid or f"{INSTITUTION}{self._count:018d}"
        at = "2025-04-10 10:20:00"
        body = {
            "infno": infno,
            "msgid": msgid,
            "mdtrtarea_admvs": "440703",
            "insuplc_admdvs": "440703",
            "fixmedins_code": INSTITUTION,
            "inf_time": at,
            "infver": "V1.0",
            "signtype": "HMAC-SHA256",
            "input": content,
            **changes,
        }
        body.setdefault("cainfo", signed(f"{body['infno']}\n{msgid}\n{at}", content))
        return body

    def say(self, body: Row) -> Row:
        headers = {"Idempotency-Key": body["msgid"]}
        answer = self.process.client.post(PATH, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        told: Row = answer.json()
        head = f"{told['infcode']}\n{told['inf_refmsgid']}\n{told['respond_time']}"
        assert told["cainfo"] == signed(head, told["output"])
        return told

    def ask(self, infno: str, content: Row, msgid: str = "") -> Row:
        """The output of a call that must be taken."""
        told = self.say(self.envelope(infno, content, msgid))
        assert told["infcode"] == "0", told
        output: Row = told["output"]
        return output

    def refused(self, infno: str, content: Row, msgid: str = "") -> str:
        """The code of a call that must be refused."""
        told = self.say(self.envelope(infno, content, msgid))
        assert (told["infcode"], told["output"]) == ("-1", {}), told
        return str(told["err_msg"]).partition(":")[0]

    def visit(self, person: str, *lines: tuple[str, str], day: str = "2025-04-10") -> Row:
        """Registers and uploads; what 2206 and 2207 are told about it."""
        self._count += 1
        number = f"MZ{self._count}"
        about = {"psn_no": person, "ipt_otp_no": number, "med_type": "11"}
        visit = self.ask("2201", {"data": about})["mdtrt_id"]
        detail = [
            {
                "feedetl_sn": str(n),
                "mdtrt_id": visit,
                "psn_no": person,
                "chrg_bchno": "B1",
                "med_list_codg": code,
                "fee_ocur_time": f"{day} 10:00:00",
                "cnt": "1",
                "pric": amount,
                "det_item_fee_sumamt": amount,
            }
            for n, (code, amount) in enumerate(lines, 1)
        ]
        self.ask("2204", {"feedetail": detail})
        cents = sum(int(amount.replace(".", "")) for _, amount in lines)
        data = {
            "psn_no": person,
            "mdtrt_id": visit,
            "chrg_bchno": "B1",
            "clr_type": "11",
            "medfee_sumamt": f"{cents // 100}.{cents % 100:02d}",
            "pool_used_flag": "1",
            "acct_used_flag": "1",
        }
        return {"data": data}


def split(output: Row) -> tuple[str, str, str, str]:
    """Fund, account, family account, cash."""
    said = output["setlinfo"]
    names = ("fund_pay_sumamt", "acct_pay", "acct_mulaid_pay", "psn_cash_pay")
    fund, account, family, cash = (str(said[name]) for name in names)
    return fund, account, family, cash
