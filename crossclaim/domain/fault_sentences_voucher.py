"""Sentences of the faults about vouchers; see ``fault_sentences``."""

from __future__ import annotations

VOUCHER_TEXTS: dict[str, tuple[str, str, str]] = {
    "HOLDER_DOCUMENT": (
        "A voucher account is held with a Hong Kong identity card or a Certificate of Exemption;"
        " enter one of them.",
        "醫療券戶口以香港身份證或《豁免登記證明書》開立，請輸入其中一項。",
        "医疗券户口以香港身份证或《豁免登记证明书》开立，请输入其中一项。",
    ),
    "CHECK_IN_FUTURE": (
        "This moment has not come yet; check date and time.",
        "此時間尚未到，請核對日期及時間。",
        "此时间尚未到，请核对日期及时间。",
    ),
    "CHECK_PLACE": (
        "Nobody is checked in person at {place}; name a voucher service point of the hospital.",
        "{place} 不辦理身份核對，請填寫醫院的醫療券服務點。",
        "{place} 不办理身份核对，请填写医院的医疗券服务点。",
    ),
}
