"""The demonstration's outside parties, and the file that tells our processes where they are."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping

import yaml
from pydantic import SecretStr

from crossclaim.config import (
    AcquirerConnection,
    BankProfile,
    BureauConnection,
    FamilyOfficeConnection,
    HuiminConnection,
    InsurerConnection,
    Parties,
    RecordConnection,
    VoucherConnection,
)
from crossclaim.stack.home import Home
from crossclaim.stack.ports import HOST
from crossclaim.stack.secret import kept, write_private
from crossclaim.stack.tls import Certificates

VOUCHER = "voucher"
FAMILY_OFFICE = "family-office"
HUIMIN = "huimin"
ACQUIRER = "acquirer"
MERCHANTS = {
    "hku-szh": "MCH440307",
    "jiangmen-central": "MCH440703",
    "dongguan-tcm": "MCH441900",
}
INSURERS_THERE = {
    "harbour-life": "HARBOUR_LIFE",
    "pearl-assurance": "PEARL_ASSURANCE",
    "lotus-macao": "LOTUS_MACAO",
}
BUREAU = "bureau"
EHEALTH = "ehealth"
HOSPITAL_AUTHORITY = "hospital-authority"
RECORD_SYSTEMS = {EHEALTH: "EHEALTH", HOSPITAL_AUTHORITY: "HOSPITAL_AUTHORITY"}
INSURER_HERE = "kowloon-mutual"
BANKS = {"harbour-bank": "HARBOUR_BANK", "quiet-bank": "QUIET_BANK"}


def api_key(home: Home, party: str) -> str:
    return kept(home.secrets, f"{party}-api-key")


def callback_secret(home: Home, party: str) -> str:
    """Standard Webhooks form: ``whsec_`` and the base64 of 32 random bytes."""
    return kept(
        home.secrets,
        f"{party}-callback-secret",
        lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
    )


def signing_secret(home: Home, party: str) -> str:
    return kept(home.secrets, f"{party}-signing-secret")


def describe(
    home: Home, ports: Mapping[str, int], certificates: Certificates, *, host: str = HOST
) -> Parties:
    """The parties as the simulators of this stack play them; ``host`` is where others find them."""
    return Parties(
        ca_file=certificates.authority,
        voucher=VoucherConnection(
            base_url=f"https://{host}:{ports['VOUCHER']}",
            api_key=SecretStr(api_key(home, VOUCHER)),
        ),
        family_office=FamilyOfficeConnection(
            base_url=f"https://{host}:{ports['FAMILY_OFFICE']}",
            api_key=SecretStr(api_key(home, FAMILY_OFFICE)),
            callback_secret=SecretStr(callback_secret(home, FAMILY_OFFICE)),
        ),
        huimin=HuiminConnection(
            base_url=f"https://{host}:{ports['HUIMIN']}",
            api_key=SecretStr(api_key(home, HUIMIN)),
        ),
        acquirer=AcquirerConnection(
            base_url=f"https://{host}:{ports['ACQUIRER']}",
            api_key=SecretStr(api_key(home, ACQUIRER)),
            signing_secret=SecretStr(signing_secret(home, ACQUIRER)),
            merchants=MERCHANTS,
        ),
        bureau=BureauConnection(
            base_url=f"https://{host}:{ports['BUREAU']}",
            api_key=SecretStr(api_key(home, BUREAU)),
            signing_secret=SecretStr(signing_secret(home, BUREAU)),
        ),
        ehealth=_records(home, EHEALTH, ports, host),
        hospital_authority=_records(home, HOSPITAL_AUTHORITY, ports, host),
        insurers=[
            *(
                _insurer(home, name, f"https://{host}:{ports[port]}")
                for name, port in INSURERS_THERE.items()
            ),
            # It decides here and therefore has no system that we would call.
            _insurer(home, INSURER_HERE, ""),
        ],
        banks=[
            BankProfile(bank="harbour-bank", folder=home.bank / "harbour-bank", recalls=True),
            BankProfile(
                bank="quiet-bank",
                folder=home.bank / "quiet-bank",
                status_request=False,
                credit_advice=False,
            ),
        ],
    )


def _records(home: Home, name: str, ports: Mapping[str, int], host: str) -> RecordConnection:
    return RecordConnection(
        base_url=f"https://{host}:{ports[RECORD_SYSTEMS[name]]}",
        api_key=SecretStr(api_key(home, name)),
    )


def _insurer(home: Home, organisation: str, base_url: str) -> InsurerConnection:
    return InsurerConnection(
        organisation=organisation,
        base_url=base_url,
        api_key=SecretStr(api_key(home, organisation)),
        callback_secret=SecretStr(callback_secret(home, organisation)),
        decides="there" if base_url else "here",
    )


def write(home: Home, parties: Parties) -> None:
    """Writes ``parties.yaml``, with its secrets in clear and therefore for its owner alone."""
    for bank in parties.banks:
        for folder in ("staging", "outbound", "inbound/done", "inbound/bad"):
            (bank.folder / folder).mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(_plain(parties.model_dump()), allow_unicode=True, sort_keys=False)
    write_private(home.parties_file, text.encode())


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, (bool, int, float)) else str(value)
