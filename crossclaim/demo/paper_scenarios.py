"""The runs of claims with papers: paid, to another account, and after an appeal that was won."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.demo.example_file import ExampleFile
from crossclaim.demo.script import Closed, Run, Send, Until

INSURER_PAPERS = "victoria-health"
EXAMINER = f"{INSURER_PAPERS}.examiner"


def _papers() -> Run:
    claim = Send("Insurer sends the claim", "/v1/claims", "claim-e6-papers.json")
    about = "Four paid bills of a member; the insurer pays RMB to the mainland account (E6)."
    steps = (claim, Closed(payouts=1, title="Payout, credit in RMB"))
    return Run("papers", "Claim with papers", about, INSURER_PAPERS, steps)


def _another_account() -> Run:
    file = ExampleFile("e7-account-refused")
    steps = (
        Send("Insurer sends the claim", "/v1/claims", "e7-account-refused.json#claim"),
        Until("The bank refuses the account", _rejected, learns={"{payout}": _first_payout}),
        file.send("Another account is signed for", "payee-accounts", "account"),
        file.send(
            "The same person may not decide", "payee-decisions", "decision", "SECOND_PERSON_NEEDED"
        ),
        file.send("A second person decides", "payee-decisions", "decision", sender=EXAMINER),
        Closed(payouts=1, title="Payout to the new account, credit in RMB"),
    )
    about = "The bank refuses the account; two persons of the insurer replace it, paid once (E7)."
    return Run("another-account", "Payout to another account", about, INSURER_PAPERS, steps)


def _appeal() -> Run:
    file, claim = "appeal-after-payout.json", "/v1/claims/{claim}"
    steps = (
        Send("Insurer sends the claim", "/v1/claims", f"{file}#claim"),
        Closed(payouts=1, title="Payout, credit in RMB"),
        Until("The claim has its id", _decided, learns={"{claim}": _first_claim}),
        Send("The member appeals", f"{claim}/appeals", f"{file}#appeal"),
        Send(
            "Another person decides",
            f"{claim}/appeal-decisions",
            f"{file}#decision",
            sender=EXAMINER,
        ),
        Closed(payouts=2, title="The difference, credit in RMB"),
    )
    about = "An appeal won after the payout: the difference is paid by a payout of its own."
    return Run("appeal-won", "Appeal after the payout", about, INSURER_PAPERS, steps)


def _decided(found: Mapping[str, Any]) -> bool:
    return bool(found["claims"]) and found["claims"][0]["decided_at"] is not None


def _first_claim(found: Mapping[str, Any]) -> str:
    return str(found["claims"][0]["id"])


def _rejected(found: Mapping[str, Any]) -> bool:
    return any(payout["state"] == "rejected" for payout in found["payouts"])


def _first_payout(found: Mapping[str, Any]) -> str:
    return str(found["payouts"][0]["reference"])


PAPER_RUNS: tuple[Run, ...] = (_papers(), _another_account(), _appeal())
