"""The bank: host-to-host ISO 20022 files of one bank profile (``docs/wire/bank.md``)."""

from crossclaim.gateways.bank.host_to_host import HostToHostBank
from crossclaim.gateways.bank.identifiers import account_hash

__all__ = ["HostToHostBank", "account_hash"]
