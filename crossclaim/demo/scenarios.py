"""The runs of ``crossclaim demo --all``: the rest of the reference scenarios that can be played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.demo.bill_scenarios import bill_cycle, two_insurers
from crossclaim.demo.example_file import ExampleFile, paid
from crossclaim.demo.five_means import FIVE_MEANS
from crossclaim.demo.guarantee_scenarios import guarantee_raised
from crossclaim.demo.paper_scenarios import EXAMINER, INSURER_PAPERS, PAPER_RUNS
from crossclaim.demo.scenarios_claim import papers_asked
from crossclaim.demo.scenarios_visit import VISIT_RUNS
from crossclaim.demo.script import (
    HOSPITAL_INPATIENT,
    HOSPITAL_OUTPATIENT,
    RUNS,
    WHOLE_STAY,
    Closed,
    Run,
    Send,
    Step,
    Until,
    numbered,
)
from crossclaim.demo.stay_scenarios import STAY_RUNS
from crossclaim.demo.withdrawals import WITHDRAWN

HOSPITAL_AFTER_CARE = "dongguan-tcm"
PHARMACY = "jiangmen-pharmacy"


def _binds(file: ExampleFile) -> tuple[Step, ...]:
    return file.binds(), Until("The office approves", _bound, of_binding=True)


def _spouse() -> Run:
    file = ExampleFile("e2-spouse")
    steps = (
        file.opens(),
        file.send("The spouse is named", "spouse"),
        file.refused("the spouse's vouchers first", "bill-spouse-first", "SPOUSE_BEFORE_OWN"),
        *paid(file, "Both accounts are claimed"),
    )
    about = "Own vouchers, then the paired spouse's, then Alipay and cash (E2)."
    return Run("spouse", "Vouchers of both spouses", about, HOSPITAL_OUTPATIENT, steps)


def _choice(chosen: str, title: str) -> Run:
    file = ExampleFile(f"e3-choice-{chosen}")
    refused = file.refused("both in one bill", "bill-both", "VOUCHER_WITH_BASIC_INSURANCE")
    about = "Vouchers and basic insurance never pay the same service; the patient chooses (E3)."
    steps = (file.opens(), refused, *paid(file))
    return Run(f"choice-{chosen}", title, about, HOSPITAL_OUTPATIENT, steps)


def _refusals() -> Run:
    file = ExampleFile("e4-refusals")
    rows = (
        ("the stay permit has expired", "permit-expired", "VOUCHER_PERMIT_EXPIRED"),
        ("an inpatient bed", "inpatient-bed", "VOUCHER_INPATIENT"),
        ("a day procedure", "day-procedure", "VOUCHER_DAY_PROCEDURE"),
        ("glasses only", "glasses-only", "VOUCHER_GOODS_ONLY"),
        ("medicine only", "medicine-only", "VOUCHER_GOODS_ONLY"),
        ("a deposit", "deposit", "VOUCHER_PREPAID"),
        ("a carer's wages", "carer-wages", "VOUCHER_NOT_SERVICE"),
        ("cash", "cash-out", "VOUCHER_NOT_SERVICE"),
        ("an ordinary window", "ordinary-window", "VOUCHER_CHANNEL_NOT_DEDICATED"),
        ("before the pilot began", "before-the-pilot", "VOUCHER_INSTITUTION_NOT_PILOT"),
    )
    steps = (file.opens(), *(file.refused(*row) for row in rows), *paid(file))
    about = (
        "Ten bills that vouchers never pay, each refused by its code; then one that they do (E4)."
    )
    return Run("refusals", "Voucher refusals", about, HOSPITAL_OUTPATIENT, steps)


def _birthday() -> Run:
    file = ExampleFile("e4-birthday")
    early = file.refused("the day before the birthday", "bill-day-before", "VOUCHER_AGE_BELOW_65")
    about = "Refused on the day before the 65th birthday, paid on the birthday (E4)."
    steps = (file.opens(), early, *paid(file))
    return Run("birthday", "Voucher from the birthday", about, HOSPITAL_OUTPATIENT, steps)


def _no_ehealth() -> Run:
    file = ExampleFile("e4-no-ehealth")
    code = "VOUCHER_EHEALTH_CONSENT_MISSING"
    steps = (file.opens(), file.refused("no eHealth", "bill-vouchers", code), *paid(file))
    about = "Who does not join eHealth has no vouchers; the patient pays all by card (E4)."
    return Run("no-ehealth", "Voucher without eHealth", about, HOSPITAL_OUTPATIENT, steps)


def _examined() -> Run:
    file = ExampleFile("claim-examined")
    confirms = "claim-confirmations"
    steps = (
        Send("Insurer sends the claim", "/v1/claims", "claim-examined.json#claim"),
        Until("A check sends it to the examiner", _checked, learns={"{claim}": _first_claim}),
        file.send("An examiner decides, above the rules", "claim-decisions", "decision"),
        file.send("The same person may not confirm", confirms, "word", "SECOND_EXAMINER_NEEDED"),
        file.send("A second person confirms", confirms, "word", sender=EXAMINER),
        Closed(payouts=1, title="Payout, credit in RMB"),
    )
    about = "Twenty treatments of one day: a check asks, two persons decide, the member is paid."
    return Run("examined", "Claim examined by two persons", about, INSURER_PAPERS, steps)


def _father() -> Run:
    file = ExampleFile("e8-father")
    bill = file.send("The bill is split", "bills")
    steps = (*_binds(file), file.opens(), bill, Closed(title="Settled by the bureau"))
    about = "What is left of the father's year, then his daughter's personal account (E8 a)."
    title = "Basic insurance, daughter's account"
    return Run("basic-father", title, about, HOSPITAL_OUTPATIENT, steps)


def _daughter() -> Run:
    file = ExampleFile("e8-daughter")
    steps = (file.opens(), *paid(file, "Settled by the bureau"))
    about = "The fund up to the month's cap, her own account to its last fen, then cash (E8 b)."
    title, before = "Basic insurance, over the cap", "basic-father"
    return Run("basic-daughter", title, about, HOSPITAL_OUTPATIENT, steps, after=before)


def _not_bound() -> Run:
    file = ExampleFile("e9-not-bound")
    refused = file.refused("the binding is under review", "bill-account", "FAMILY_NOT_BOUND")
    about = "A relative's account whose binding waits for its review pays nothing (E9)."
    review = Until("The office reviews it", _under_review, of_binding=True)
    steps = (file.binds(), review, file.opens(), refused, *paid(file))
    return Run("not-bound", "Family account, not bound", about, HOSPITAL_OUTPATIENT, steps)


def _family_refusals() -> Run:
    file = ExampleFile("e9-family-refusals")
    rows = (
        ("a nephew", "nephew", "FAMILY_RELATION_NOT_ALLOWED"),
        ("a brother, before August 2024", "brother-too-early", "FAMILY_RELATION_NOT_ALLOWED"),
        ("a father who is not insured", "not-insured", "FAMILY_USER_NOT_INSURED"),
        ("a father insured in Guangxi", "another-province", "FAMILY_POOL_MISMATCH"),
        ("an authoriser in residents' insurance", "resident", "FAMILY_NO_PERSONAL_ACCOUNT"),
    )
    steps = (
        *(file.binds(part, code, title=f"Refused: {title}") for title, part, code in rows),
        *_binds(file),
        file.opens(),
        file.refused("the daughter's card is shown", "bill-account", "CARD_SHARING"),
        *paid(file),
    )
    about = "Five applications and a card that no family may share; then the patient pays (E9)."
    return Run("family-refusals", "Family account, refused", about, HOSPITAL_OUTPATIENT, steps)


def _empty_account() -> Run:
    file = ExampleFile("e9-empty-account")
    steps = (*_binds(file), file.opens(), *paid(file))
    about = "Bound, and nothing is left in the daughter's account: all of it is cash (E9)."
    return Run("empty-account", "Family account, empty", about, HOSPITAL_OUTPATIENT, steps)


def _pharmacy() -> Run:
    file = ExampleFile("pharmacy-family")
    refused = file.refused("the pooled fund at a pharmacy", "bill-fund", "FUNDER_NEEDS_PERSON")
    bill = file.send("Paid from the daughter's account", "bills")
    steps = (file.opens(), refused, bill, Closed(title="Settled by the bureau"))
    about = "Drugs bought at a designated pharmacy, paid from a relative's personal account."
    title, before = "Designated pharmacy, shared account", "family-refusals"
    return Run("pharmacy", title, about, PHARMACY, steps, after=before)


def _waiting_period() -> Run:
    file = ExampleFile("e9-waiting-period")
    refused = file.refused("the last day of waiting", "bill-too-early", "BASIC_WAITING_PERIOD")
    about = "Two years missed: the fund pays from the day after the waiting period (E9)."
    steps = (file.opens(), refused, *paid(file, "Settled by the bureau"))
    return Run("waiting-period", "Waiting period", about, HOSPITAL_OUTPATIENT, steps)


def _after_care() -> Run:
    file = ExampleFile("e10-pay-after-care")
    steps = (
        file.desk("Daughter signs up", "", "account"),
        Until("The card's code is sent", _applied, of_account=True),
        file.desk("Hands in the code", "/{account}/card-codes", "card-code"),
        Until("The bank grants the credit", _granted, of_account=True),
        file.opens(),
        file.send("The bill is split", "bills"),
        Closed(title="Charged after the mother has left"),
        Until("The account owes", _drawn, of_account=True, learns={"{draw}": _first_draw}),
        file.desk("Chooses three instalments", "/{account}/instalments", "instalments"),
        Until("Three instalments", _in_parts, of_account=True),
    )
    about = "The fund, then a daughter's medical card and credit pay her mother's bill (E10)."
    return Run("after-care", "Pay after care", about, HOSPITAL_AFTER_CARE, steps)


def _sharing_withdrawn() -> Run:
    file = ExampleFile("e12-sharing-withdrawn")
    codes = ("RECORD_CODES_OLD", "RECORD_CONSENT_MISSING")
    steps = (
        file.opens(),
        *paid(file, "The vouchers are claimed"),
        file.send("Sharing consent withdrawn", "consents", "withdrawal"),
        file.send("Refused: a record request", "record-requests", "record-request", *codes),
        Closed(title="eHealth has been told"),
    )
    about = "The vouchers claimed stay; nobody reads the record any more (E12 e)."
    return Run("sharing-withdrawn", "Record sharing ends", about, HOSPITAL_OUTPATIENT, steps)


def _withdrawn_late() -> Run:
    file = ExampleFile("e12-withdrawn-after-payout")
    withdrawal = file.send("Consent withdrawn", "consents", "withdrawal")
    steps = (*WHOLE_STAY, withdrawal, Closed(payouts=1, title="All stays as it is"))
    about = "A consent that ends after the payout moves no money (E12 d)."
    title, replaced = "Consent ends after the payout", numbered("-F", "kowloon-mutual", _POLICY)
    return Run("inpatient", title, about, HOSPITAL_INPATIENT, steps, "kowloon-mutual", replaced)


def _transfer() -> Run:
    file = ExampleFile("ambulance-transfer")
    steps = (
        file.opens(),
        file.refused("billed before the hand-over", "bill", "TRANSFER_NOT_HANDED_OVER"),
        file.send("The patient is handed over", "hand-overs", "hand-over"),
        *paid(file)[:-1],
        Closed(payouts=1, title="The record is issued, the insurer pays in RMB"),
    )
    about = "Across the border by ambulance, by the patient's consents; a plan that covers it pays."
    title, insurer = "Ambulance transfer", "kowloon-mutual"
    return Run("ambulance-transfer", title, about, HOSPITAL_INPATIENT, steps, insurer)


def _emergency_transfer() -> Run:
    file = ExampleFile("ambulance-emergency")
    missing = ("TRANSFER_CONSENT_MISSING",)
    without = file.send(
        "Refused: no consent, no emergency", "hand-overs", "hand-over-without", *missing
    )
    steps = (
        file.opens(),
        without,
        file.send("The emergency is stated", "hand-overs", "hand-over"),
        *paid(file),
    )
    about = "Nobody could sign: the record goes out by law, and a person looks at it (E12 f)."
    title = "Ambulance transfer, emergency"
    return Run("ambulance-emergency", title, about, HOSPITAL_INPATIENT, steps)


def _switched_on() -> Run:
    file = ExampleFile("benefits-switched-on")
    steps = (
        file.opens(),
        *paid(file)[:-1],
        Closed(payouts=1, title="The insurer pays in RMB"),
    )
    about = "A plan that switches on long physiotherapy and special drugs, each with its limits."
    title, insurer = "Benefits switched on", "kowloon-mutual"
    return Run("benefits-switched-on", title, about, HOSPITAL_INPATIENT, steps, insurer)


def _journey() -> Run:
    file = ExampleFile("bundle-journey")
    short = ("BUNDLE_NON_MEDICAL_SHORT",)
    steps = (
        file.opens(),
        file.refused("the bundle in one sum", "bill-one-sum", "BUNDLE_NOT_DIVIDED"),
        file.refused("the journey below what was filed", "bill-short", *short),
        *paid(file)[:-1],
        Closed(payouts=1, title="The insurer pays the medical part in RMB"),
    )
    about = "Rehabilitation, journey and insurance at one price: the insurer pays the care alone."
    title, insurer = "Bundle with a journey", "kowloon-mutual"
    return Run("bundle-journey", title, about, HOSPITAL_INPATIENT, steps, insurer)


_POLICY = "KM-2025-000052-F"


def _bound(binding: Mapping[str, Any]) -> bool:
    return bool(binding["state"] == "bound")


def _under_review(binding: Mapping[str, Any]) -> bool:
    return bool(binding["state"] == "under_review")


def _checked(found: Mapping[str, Any]) -> bool:
    """It waits for the examiner, or was decided by him in a run before."""
    return all(claim["state"] != "due" for claim in found["claims"])


def _first_claim(found: Mapping[str, Any]) -> str:
    return str(found["claims"][0]["id"])


def _applied(account: Mapping[str, Any]) -> bool:
    return bool(account["waiting_for"] == "CREDIT_DECISION" or _granted(account))


def _granted(account: Mapping[str, Any]) -> bool:
    return bool(account["credit"]["status"] == "granted" and account["card_tail"])


def _drawn(account: Mapping[str, Any]) -> bool:
    return bool(account["draws"])


def _first_draw(account: Mapping[str, Any]) -> str:
    return str(account["draws"][0]["draw"])


def _in_parts(account: Mapping[str, Any]) -> bool:
    return len(account["draws"][0]["instalments"]) == 3


ALL_RUNS: tuple[Run, ...] = (
    *RUNS,
    _spouse(),
    _choice("voucher", "Voucher or insurance: voucher"),
    _choice("insurance", "Voucher or insurance: insurance"),
    _refusals(),
    _birthday(),
    _no_ehealth(),
    *PAPER_RUNS,
    papers_asked(INSURER_PAPERS),
    _examined(),
    _father(),
    _daughter(),
    _not_bound(),
    _family_refusals(),
    _empty_account(),
    _pharmacy(),
    _waiting_period(),
    _after_care(),
    *STAY_RUNS,
    two_insurers(1, "24550.00"),
    two_insurers(2, "13570.00"),
    two_insurers(4, "0.00"),
    bill_cycle(),
    *WITHDRAWN,
    _withdrawn_late(),
    _sharing_withdrawn(),
    *FIVE_MEANS,
    _transfer(),
    _emergency_transfer(),
    _switched_on(),
    _journey(),
    *VISIT_RUNS,
    guarantee_raised(),
)
