"""What a mutation run changes, by which operators, and against which tests."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
DOMAIN = Path("crossclaim/domain")

# Money, allocation, adjudication and ledger with all that they decide by; no sentences, no story.
SUBJECTS = {
    "money": ("money", "spread", "rates", "trusted"),
    "allocation": (
        "allocate",
        "allocation",
        "alternatives",
        "bundles",
        "chain",
        "combination",
        "contribution",
        "covers_link",
        "filed_prices",
        "guarantee",
        "insurer_leg",
        "insurer_link",
        "mainland_links",
        "non_medical",
        "spouse",
        "true_up",
        "voucher",
        "voucher_account",
        "voucher_link",
        "withdrawn_split",
    ),
    "adjudication": (
        "accumulators",
        "adjudication",
        "basic_insurance",
        "basic_rules",
        "benefits",
        "claim_review",
        "conditions",
        "connect_items",
        "credit",
        "dual_cover",
        "eligibility",
        "family_account",
        "limits",
        "misuse_signals",
        "pay_later",
        "reductions",
        "reimbursement",
        "waiting",
    ),
    "ledger": (
        "guarantee_book",
        "ledger",
        "matching",
        "payout_clock",
        "payout_rail",
        "payout_route",
        "reconcile",
        "settlement",
        "trial_balance",
        "withdrawal",
    ),
}
MODULES = {name: subject for subject, names in SUBJECTS.items() for name in names}

# YAML cases and unit tests. No property tests (hypothesis marks its own), no random bills, and
# nothing that starts a server or is about keys, logs and papers (the threads of what prints them,
# begun when a file of tests is imported, do not survive a fork).
MARKS = "not hypothesis"
TESTS = ("tests/rules", "tests/unit")
WITHOUT = (
    "tests/rules/test_all_funders.py",
    "tests/unit/test_ebill_files.py",
    "tests/unit/test_fhir_inbound.py",
    "tests/unit/test_file_inspection.py",
    "tests/unit/test_issued_sheets.py",
    "tests/unit/test_manifests.py",
    "tests/unit/test_observability.py",
    "tests/unit/test_security_*.py",
    "tests/unit/test_sweep.py",
)


def _swaps(kind: str, **pairs: str) -> list[str]:
    return [f"core/{kind}_{one}_{to}" for one, others in pairs.items() for to in others.split()]


# What goes wrong with money: a limit one off, the wrong side of a threshold, plus for minus, one
# condition too few, two arguments exchanged. Texts and decorators are left alone.
OPERATORS = (
    "core/NumberReplacer",
    "core/AddNot",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/ZeroIterationForLoop",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_Delete_USub",
    *_swaps(
        "ReplaceComparisonOperator",
        Lt="LtE GtE",
        LtE="Lt Gt",
        Gt="GtE LtE",
        GtE="Gt Lt",
        Eq="NotEq",
        NotEq="Eq",
        Is="IsNot",
        IsNot="Is",
    ),
    *_swaps(
        "ReplaceBinaryOperator",
        Add="Sub",
        Sub="Add",
        Mul="Div",
        Div="Mul",
        FloorDiv="Mul",
        Mod="FloorDiv",
        BitOr="BitAnd",
        BitAnd="BitOr",
    ),
    "ours/OppositeMembership",
    "ours/SwapArguments",
    "ours/OppositeFunction",
    "ours/OppositeRounding",
)
