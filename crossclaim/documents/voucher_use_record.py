"""The record on use of vouchers as a page to print, in one of three languages."""

from __future__ import annotations

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from crossclaim.domain.reference import Names
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.voucher_use import VoucherUseRecord

_PLACES = {"en": 0, "zh-Hant": 1, "zh-Hans": 2}

VOUCHER_WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("Record on Use of Health Care Voucher", "醫療券使用記錄", "医疗券使用记录"),
    "scheme": (
        "Elderly Health Care Voucher Greater Bay Area Pilot Scheme",
        "長者醫療券大灣區試點計劃",
        "长者医疗券大湾区试点计划",
    ),
    "transaction": ("Transaction number", "交易編號", "交易编号"),
    "account": ("Voucher account used", "所用醫療券戶口", "所用医疗券户口"),
    "own": ("the patient's own", "病人本人", "病人本人"),
    "spouse": ("the paired spouse's", "已配對的配偶", "已配对的配偶"),
    "hospital": ("Institution", "醫療機構", "医疗机构"),
    "department": ("Department", "科室", "科室"),
    "served_at": ("Service completed", "服務完成時間", "服务完成时间"),
    "claimed_at": ("Vouchers claimed", "申報時間", "申报时间"),
    "bill": ("Bill number", "帳單號碼", "账单号码"),
    "net_fee": ("Net service fee", "淨服務費用", "净服务费用"),
    "used": ("Voucher amount used", "使用醫療券金額", "使用医疗券金额"),
    "rate": ("Conversion rate (CNY for HKD 1)", "換算率(每港元兌人民幣)", "换算率(每港元兑人民币)"),
    "worth": ("Worth in RMB", "折合人民幣", "折合人民币"),
    "balance": ("Voucher balance after this use", "使用後醫療券結餘", "使用后医疗券结余"),
    "reference": ("Claim reference", "申報編號", "申报编号"),
    "void": (
        "VOID: this use was taken back; the vouchers are in the account again.",
        "作廢:此次使用已撤回,醫療券已退回戶口。",
        "作废:此次使用已撤回,医疗券已退回户口。",
    ),
    "note": (
        "Balance and records can also be seen in the eHealth app. No fee is charged for the use of "
        "vouchers.",
        "結餘及使用記錄亦可於「醫健通」應用程式查閱。使用醫療券不另收費。",
        "结余及使用记录亦可于“医健通”应用程序查阅。使用医疗券不另收费。",
    ),
}


class PrintedRecords:
    """``activities.voucher_ports.UseRecordPrinter`` with a template of this package."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("crossclaim.documents"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("voucher_use_record.html")

    def use_record(self, record: VoucherUseRecord, language: str) -> bytes:
        """The same record gives the same bytes, so that a repeated print changes nothing."""
        place = _PLACES[language]
        words = {name: texts[place] for name, texts in VOUCHER_WORDS.items()}
        page = self._template.render(
            language=language, words=words, rows=_rows(record, place), void=record.void
        )
        return page.encode()


def _rows(record: VoucherUseRecord, place: int) -> list[tuple[str, str]]:
    used, worth, balance = record.used, record.worth, record.balance
    return [
        ("transaction", record.transaction_number),
        ("reference", record.reference),
        ("account", VOUCHER_WORDS[record.account][place]),
        ("hospital", _name(record.hospital, place)),
        ("department", _name(record.department, place)),
        ("bill", record.bill_number),
        ("served_at", _moment(record.served_at)),
        ("claimed_at", _moment(record.claimed_at)),
        ("net_fee", f"RMB {record.net_fee.decimal_text()}"),
        ("used", f"HK$ {used.amount_minor // 100:,}"),
        ("rate", f"{record.rate.cny_per_hkd:.4f}"),
        ("worth", f"RMB {worth.decimal_text()}"),
        ("balance", f"HK$ {balance.amount_minor // 100:,}"),
    ]


def _name(names: Names, place: int) -> str:
    return (names.en, names.zh_hant, names.zh_hans)[place]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(REGION_ZONE):%Y-%m-%d %H:%M}"
