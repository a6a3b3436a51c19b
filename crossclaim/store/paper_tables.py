"""Writes about claims with papers: electronic bills, and accounts for payouts that came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crossclaim.domain.records import ProposedAccount
from crossclaim.domain.submission import BankAccount
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_EBILL = """
insert into ebill_claimed (id, episode_id) values (%(id)s, %(episode)s)
on conflict (id) do update set episode_id = excluded.episode_id
where ebill_is_free(ebill_claimed.episode_id)
"""


class PaperTables:
    """Part of a transaction: what the papers of a claim are, and where their money may go."""

    _connection: Connection
    _keyring: Keyring

    def ebills_claimed(self, keys: Sequence[tuple[str, str]]) -> list[str]:
        """Of each electronic bill, by code and number, which insurer it was claimed of first; empty
        for one that was never claimed, or is free again."""
        ids = [ebill_id(self._keyring, key) for key in keys]
        rows = self._connection.execute(
            """
            select e.id, p.organisation_id from ebill_claimed e
            join episode_party p on p.episode_id = e.episode_id and p.role = 'insurer'
            where e.id = any(%(ids)s) and not ebill_is_free(e.episode_id)
            """,
            {"ids": ids},
        ).all()
        known = {bytes(row.id): row.organisation_id for row in rows}
        return [known.get(one, "") for one in ids]

    def add_ebills(self, episode_id: str, keys: Sequence[tuple[str, str]]) -> None:
        """Claims them for whom comes first, until that claim was cancelled and nothing of it is
        paid; what two claims at once both name is found before the later one is decided."""
        for key in sorted(keys):
            self._connection.execute(
                _EBILL, {"id": ebill_id(self._keyring, key), "episode": episode_id}
            )

    def propose_account(
        self,
        episode_id: str,
        reference: str,
        number: str,
        account: BankAccount,
        proposed_by: str,
        at: datetime,
    ) -> None:
        sealed = self._keyring.encrypt(episode_id, account.model_dump_json().encode(), "payee")
        self._connection.execute(
            """
            insert into payee_account (episode_id, payout_reference, number, account_sealed,
                                       proposed_by, proposed_at)
            values (%(id)s, %(reference)s, %(number)s, %(sealed)s, %(by)s, %(at)s)
            """,
            {
                "id": episode_id,
                "reference": reference,
                "number": number,
                "sealed": sealed,
                "by": proposed_by,
                "at": at,
            },
        )

    def proposed_account(
        self, episode_id: str, reference: str, number: str
    ) -> ProposedAccount | None:
        row = self._connection.execute(
            """
            select account_sealed, proposed_by, approved from payee_account
            where episode_id = %(id)s and payout_reference = %(reference)s
              and number = %(number)s for update
            """,
            {"id": episode_id, "reference": reference, "number": number},
        ).one_or_none()
        if row is None:
            return None
        plain = self._keyring.decrypt(episode_id, bytes(row.account_sealed), "payee")
        return ProposedAccount(
            account=BankAccount.model_validate_json(plain),
            proposed_by=row.proposed_by,
            approved=row.approved,
        )

    def decide_account(
        self,
        reference: str,
        number: str,
        decided_by: str,
        approved: bool,
        reason: str,
        at: datetime,
    ) -> None:
        self._connection.execute(
            """
            update payee_account set decided_by = %(by)s, decided_at = %(at)s,
                   approved = %(approved)s, reason = %(reason)s
            where payout_reference = %(reference)s and number = %(number)s
            """,
            {
                "by": decided_by,
                "at": at,
                "approved": approved,
                "reason": reason,
                "reference": reference,
                "number": number,
            },
        )


def ebill_id(keyring: Keyring, key: tuple[str, str]) -> bytes:
    """The blind index of an electronic bill's code and number."""
    return keyring.blind_index("|".join(key), "ebill")
