"""Takes one statement in and matches it, in a process of its own; the figures go to stdout."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import yaml

from activities.bank_matching import StatementMatching, owners_of
from activities.payout_intent import account_sha256
from crossclaim.config import BankProfile
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.reference import Reference
from crossclaim.gateways.bank import HostToHostBank
from crossclaim.seed import EXAMPLES
from crossclaim.store.bank_books import SqlBankBooks
from crossclaim.store.inbox_tables import SqlInbox
from crossclaim.store.session import Database


def main() -> None:
    asked = json.loads(sys.stdin.read())
    profile = BankProfile.model_validate(asked["profile"])
    bank, file = HostToHostBank(profile), Path(asked["file"])
    database = Database(asked["url"], pool_size=2)
    reference = Reference.model_validate(
        yaml.safe_load((EXAMPLES / "reference.yaml").read_text(encoding="utf-8"))
    )
    work, at = StatementMatching(SqlBankBooks(database), reference), datetime.now(UTC)
    begun = time.perf_counter()
    sha256 = bank.digest(file)
    SqlInbox(database).take_file(sha256, profile.bank, file.name)
    stored = work.take(sha256, profile.bank, bank.pieces(file), at)
    taken = time.perf_counter()
    account = stored.accounts[0][0]
    assert account == account_sha256(asked["account"]), "the statement is of one account"
    owner = owners_of(reference).of(profile.bank, account)
    assert owner is not None, "its owner is known"
    key = AccountKey(bank=profile.bank, account=account, organisation=owner)
    work.match(key, "statement", at)
    again = time.perf_counter()
    with database.begin() as connection:
        counted = connection.execute(
            "select status, count(*)::integer from bank_entry group by status"
            " union all select 'ours ' || status, count(*)::integer from expected_movement"
            " group by status"
        ).all()
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {
        "store_and_match_s": round(taken - begun, 2),
        "rematch_s": round(again - taken, 2),
        "peak_mib": round(peak / 1024, 1),
        "statuses": {str(row[0]): int(row[1]) for row in counted},
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
