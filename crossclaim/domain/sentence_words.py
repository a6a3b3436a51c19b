"""What the codes that stand inside sentences are called: relatives, kinds of care, charges, rails.

A code that a submitter has to write himself keeps it in brackets. Names and numbers of hospitals,
plans, items and rules are alike in every language and are not here.
"""

from __future__ import annotations

from collections.abc import Mapping

from crossclaim.domain.story_bureau_words import REFUSALS
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.story_words import CONSENTS

_RELATIVES: dict[str, Triple] = {
    "spouse": ("spouse", "配偶", "配偶"),
    "parent": ("parent", "父母", "父母"),
    "child": ("child", "子女", "子女"),
    "sibling": ("sibling", "兄弟姊妹", "兄弟姐妹"),
    "paternal_grandparent": ("paternal grandparent", "祖父母", "祖父母"),
    "maternal_grandparent": ("maternal grandparent", "外祖父母", "外祖父母"),
    "paternal_grandchild": ("son's child", "孫子女", "孙子女"),
    "maternal_grandchild": ("daughter's child", "外孫子女", "外孙子女"),
    "other": ("other", "其他", "其他"),
}

_CARE: dict[str, Triple] = {
    "inpatient": ("inpatient", "住院", "住院"),
    "outpatient": ("outpatient", "門診", "门诊"),
    "emergency": ("emergency", "急診", "急诊"),
    "check_up": ("check-up", "體檢", "体检"),
    "pharmacy": ("purchase at a designated pharmacy", "定點零售藥店購藥", "定点零售药店购药"),
    "ambulance_transfer": ("transfer by ambulance", "救護車轉運", "救护车转运"),
    "day_procedure": ("day procedure", "日間手術", "日间手术"),
    "designated_hospital": ("designated hospitals", "定點醫療機構", "定点医疗机构"),
    "designated_pharmacy": ("designated pharmacies", "定點零售藥店", "定点零售药店"),
}

_CHARGES: dict[str, Triple] = {
    "room": ("room", "病房", "病房"),
    "attending_doctor": ("attending doctor", "主診醫生巡房", "主诊医生巡房"),
    "surgeon": ("surgeon", "外科醫生", "外科医生"),
    "anaesthetist": ("anaesthetist", "麻醉科醫生", "麻醉科医生"),
    "theatre": ("operating theatre", "手術室", "手术室"),
    "miscellaneous": ("miscellaneous", "雜項", "杂项"),
    "consultation": ("consultation", "診症", "诊察"),
    "examination": ("examination", "檢查", "检查"),
    "laboratory": ("laboratory", "化驗", "化验"),
    "treatment": ("treatment", "治療", "治疗"),
    "drug": ("drug", "藥品", "药品"),
    "goods": ("goods", "物品", "物品"),
    "special_drug": ("special drug", "特殊藥物", "特殊药物"),
    "cross_border_ambulance": ("cross-border ambulance", "跨境救護車", "跨境救护车"),
    "long_term_physiotherapy": ("long-term physiotherapy", "長期物理治療", "长期物理治疗"),
    "travel": ("travel", "旅遊", "旅游"),
    "insurance_premium": ("insurance premium", "保險費", "保险费"),
    "carer_wages": ("carer's wages", "護工工資", "护工工资"),
    "cash": ("cash", "現金", "现金"),
    "deposit": ("deposit", "預繳費用", "预缴费用"),
    "intensive_care": ("intensive care", "深切治療", "重症监护"),
    "specialist": ("specialist", "專科醫生", "专科医生"),
    "imaging": ("imaging", "影像檢查", "影像检查"),
    "cancer_treatment": ("cancer treatment", "癌症治療", "癌症治疗"),
    "complex": ("complex", "複雜(complex)", "复杂(complex)"),
    "major": ("major", "大型(major)", "大型(major)"),
    "intermediate": ("intermediate", "中型(intermediate)", "中型(intermediate)"),
    "minor": ("minor", "小型(minor)", "小型(minor)"),
}

_SERVICES: dict[str, Triple] = {
    "internet_consultation": (
        "cross-border consultation over the internet",
        "互聯網跨境診療",
        "互联网跨境诊疗",
    ),
    "chronic_care": ("care of a chronic condition", "慢病管理", "慢病管理"),
    "chinese_medicine": ("Chinese medicine", "中醫", "中医"),
    "international": ("international medical service", "國際醫療", "国际医疗"),
    "voucher_dedicated": ("voucher channel", "長者醫療券專用渠道", "长者医疗券专用渠道"),
    "ordinary": ("ordinary service", "普通醫療", "普通医疗"),
}

_PAPERS: dict[str, Triple] = {
    "hkid": ("Hong Kong identity card", "香港身份證", "香港身份证"),
    "cert_exemption": ("Certificate of Exemption", "豁免登記證明書", "豁免登记证明书"),
    "macao_resident_id": ("Macao resident identity card", "澳門居民身份證", "澳门居民身份证"),
    "home_return_permit": ("Home Return Permit", "回鄉證", "回乡证"),
    "residence_permit": ("residence permit", "港澳台居民居住證", "港澳台居民居住证"),
    "mainland_id": ("mainland identity card", "內地居民身份證", "内地居民身份证"),
    "spouse_id_copy": (
        "a copy of the spouse's identity document",
        "配偶身份證明文件副本",
        "配偶身份证明文件副本",
    ),
    "both_present": ("the presence of both", "兩人親身到場", "两人亲身到场"),
    "identity_documents": ("identity documents", "身份證明文件", "身份证明文件"),
    "relationship_declared": ("the declaration of marriage", "關係聲明", "关系声明"),
    "consent": ("consent", "同意書", "同意书"),
}

_MONEY: dict[str, Triple] = {
    "quote": ("the quote", "報價時", "报价时"),
    "service_date": ("the day of service", "服務日", "服务日"),
    "payout_date": ("the day of payout", "支付日", "支付日"),
    "approval": ("the approval", "批准時", "批准时"),
    "voucher": ("vouchers", "醫療券", "医疗券"),
    "basic_insurance": ("basic insurance", "基本醫療保險", "基本医疗保险"),
    "insurer": ("insurer", "保險公司", "保险公司"),
    "personal_account": ("personal account", "個人賬戶", "个人账户"),
    "pay_later": ("pay-later", "先診後付", "先诊后付"),
    "patient": ("patient", "病人", "病人"),
    "person": ("person", "個人", "个人"),
    "payment_connect": ("Payment Connect", "跨境支付通", "跨境支付通"),
    "cips": ("CIPS", "人民幣跨境支付系統(CIPS)", "人民币跨境支付系统(CIPS)"),
}

WORDS: dict[str, Triple] = (
    _RELATIVES | _CARE | _CHARGES | _SERVICES | _PAPERS | _MONEY | CONSENTS | REFUSALS
)
_LIST = ", "
_JOINED = (", ", "、", "、")


CODED = frozenset({"allowed", "basis", "category", "consent", "documents", "encounter"}) | {
    "funder",
    "missing",
    "papers",
    "payer",
    "rail",
    "relation",
    "service",
    "channels",
    "level",
    "norm",
    "why",
}
"""Places of a sentence that hold a code, or several."""


def in_three(filled: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The values as English, Traditional and Simplified Chinese call them."""
    return _called(filled, 0), _called(filled, 1), _called(filled, 2)


def _called(filled: Mapping[str, str], language: int) -> dict[str, str]:
    return {
        name: _spoken(text, language) if name in CODED else text for name, text in filled.items()
    }


def _spoken(text: str, language: int) -> str:
    parts = text.split(_LIST)
    if all(part in WORDS for part in parts):
        return _JOINED[language].join(WORDS[part][language] for part in parts)
    return text
