"""Every setting that a process of ours reads is explained, with its default."""

from __future__ import annotations

import re

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from crossclaim import config
from tests.architecture.house import REPOSITORY

PAGE = (REPOSITORY / "docs" / "settings.md").read_text("utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = {name: default.strip() for name, default, _ in ROW.findall(PAGE)}
PARTY_MODELS: dict[str, type[BaseModel]] = {
    "": config.Parties,
    "voucher.": config.VoucherConnection,
    "family_office.": config.FamilyOfficeConnection,
    "huimin.": config.HuiminConnection,
    "acquirer.": config.AcquirerConnection,
    "bureau.": config.BureauConnection,
    "ehealth.": config.RecordConnection,
    "hospital_authority.": config.RecordConnection,
    "insurers[].": config.InsurerConnection,
    "insurers[].hcx.": config.HcxPeer,
    "banks[].": config.BankProfile,
    "hcx.": config.HcxConnection,
    "hcx.own[].": config.HcxSelf,
    "hcx.participants[].": config.HcxParticipant,
}


def documented_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value == "" or value == []:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_every_setting_is_documented_with_its_default() -> None:
    expected = {
        f"CROSSCLAIM_{name.upper()}": documented_default(field)
        for name, field in config.Settings.model_fields.items()
    }
    assert {name: ROWS.get(name) for name in expected} == expected


def test_every_key_of_the_parties_file_is_documented_with_its_default() -> None:
    expected = {
        prefix + name: documented_default(field)
        for prefix, model in PARTY_MODELS.items()
        for name, field in model.model_fields.items()
    }
    assert {name: ROWS.get(name) for name in expected} == expected


def test_no_setting_is_documented_that_does_not_exist() -> None:
    settings = {f"CROSSCLAIM_{name.upper()}" for name in config.Settings.model_fields}
    keys = {prefix + name for prefix, model in PARTY_MODELS.items() for name in model.model_fields}
    stray = (
        {name for name in ROWS if not name.startswith(("CROSSCLAIM_PORT_", "CROSSCLAIM_FIXTURES"))}
        - settings
        - keys
    )
    assert stray - {"CROSSCLAIM_FULL"} == set()
