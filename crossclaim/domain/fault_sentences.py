"""The sentence of every fault code in the three languages, and the one way to make a ``Fault``.

Placeholders take ids, dates, numbers and amounts of the submission; never names, identity numbers,
account numbers or diagnoses.
"""

from __future__ import annotations

from crossclaim.domain.allocation import Fault, Sentence
from crossclaim.domain.fault_sentences_case import CASE_TEXTS
from crossclaim.domain.fault_sentences_credit import CREDIT_TEXTS
from crossclaim.domain.fault_sentences_family import FAMILY_TEXTS
from crossclaim.domain.fault_sentences_guarantee import GUARANTEE_TEXTS
from crossclaim.domain.fault_sentences_information import INFORMATION_TEXTS
from crossclaim.domain.fault_sentences_paper import PAPER_TEXTS
from crossclaim.domain.fault_sentences_tenders import TENDER_TEXTS
from crossclaim.domain.fault_sentences_transfer import TRANSFER_TEXTS
from crossclaim.domain.fault_sentences_voucher import VOUCHER_TEXTS
from crossclaim.domain.fault_sentences_webhook import WEBHOOK_TEXTS

_Texts = dict[str, tuple[str, str, str]]

_SHAPE: _Texts = {
    "MEMBER_MISSING": (
        "The member {name} is missing; add it.",
        "缺少欄位 {name}，請補上。",
        "缺少字段 {name}，请补上。",
    ),
    "MEMBER_UNKNOWN": (
        "There is no such member here; remove it or correct its name.",
        "此處沒有這個欄位，請刪除或更正名稱。",
        "此处没有这个字段，请删除或更正名称。",
    ),
    "BILL_TOO_LONG_TO_LOOK_AT": (
        "A bill with so many lines cannot be looked at here; send its correction through the API.",
        "帳單行數過多，無法在此預覽，請透過 API 提交更正。",
        "账单行数过多，无法在此预览，请通过 API 提交更正。",
    ),
    "VALUE_TYPE": (
        "The value has the wrong type; expected is {expected}.",
        "值的類型不正確，應為 {expected}。",
        "值的类型不正确，应为 {expected}。",
    ),
    "VALUE_NOT_ALLOWED": (
        "The value is not allowed; allowed are {allowed}.",
        "不接受此值，可用的值為 {allowed}。",
        "不接受此值，可用的值为 {allowed}。",
    ),
    "VALUE_NOT_VALID": (
        "The value cannot be read; see the API's description of this member.",
        "無法讀取此值，請參閱介面說明。",
        "无法读取此值，请参阅接口说明。",
    ),
    "TEXT_LENGTH": (
        "The text is empty or too long; it must have 1 to 200 characters.",
        "文字為空或過長，須為 1 至 200 個字元。",
        "文字为空或过长，须为 1 至 200 个字符。",
    ),
    "CODE_FORM": (
        "The value has a form that is not allowed; expected is {pattern}.",
        "值的格式不正確，應符合 {pattern}。",
        "值的格式不正确，应符合 {pattern}。",
    ),
    "DATE_NOT_VALID": (
        "This is not a date; write YYYY-MM-DD.",
        "這不是有效日期，請寫成 YYYY-MM-DD。",
        "这不是有效日期，请写成 YYYY-MM-DD。",
    ),
    "TIME_NOT_VALID": (
        "This is not a moment; write for instance 2026-03-14T10:30:00+08:00.",
        "這不是有效時間，請寫成例如 2026-03-14T10:30:00+08:00。",
        "这不是有效时间，请写成例如 2026-03-14T10:30:00+08:00。",
    ),
    "TIME_WITHOUT_ZONE": (
        "The moment has no offset; add for instance +08:00.",
        "時間缺少時區，請加上例如 +08:00。",
        "时间缺少时区，请加上例如 +08:00。",
    ),
    "DATE_OUT_OF_RANGE": (
        "The year is not between {low} and {high}.",
        "年份須在 {low} 至 {high} 之間。",
        "年份须在 {low} 至 {high} 之间。",
    ),
    "NUMBER_OUT_OF_RANGE": (
        "The number is not between {low} and {high}.",
        "數字須在 {low} 至 {high} 之間。",
        "数字须在 {low} 至 {high} 之间。",
    ),
    "AMOUNT_NOT_EXACT": (
        'An amount is a decimal text with at most two digits after the point, such as "1286.40".',
        "金額須為最多兩位小數的文字，例如「1286.40」。",
        "金额须为最多两位小数的文本，例如“1286.40”。",
    ),
    "AMOUNT_NEGATIVE": (
        "The amount is negative; take a bill back by voiding it, not by a negative amount.",
        "金額為負數；如要撤回賬單請作廢，不可填負數。",
        "金额为负数；如要撤回账单请作废，不可填负数。",
    ),
    "CURRENCY_UNKNOWN": (
        "The currency is unknown; known are {allowed}.",
        "未知的貨幣，可用的貨幣為 {allowed}。",
        "未知的货币，可用的货币为 {allowed}。",
    ),
    "FUNDER_UNKNOWN": (
        "The funder is unknown; known are {allowed}.",
        "未知的付款方，可用的付款方為 {allowed}。",
        "未知的付款方，可用的付款方为 {allowed}。",
    ),
    "CONSENT_TYPE_UNKNOWN": (
        "The type of consent is unknown; known are {allowed}.",
        "未知的同意書類型，可用的類型為 {allowed}。",
        "未知的同意书类型，可用的类型为 {allowed}。",
    ),
    "IDENTITY_TYPE_UNKNOWN": (
        "The type of identity document is unknown; known are {allowed}.",
        "未知的身份證件類型，可用的類型為 {allowed}。",
        "未知的身份证件类型，可用的类型为 {allowed}。",
    ),
    "CATEGORY_UNKNOWN": (
        "The charge category is unknown; known are {allowed}.",
        "未知的收費類別，可用的類別為 {allowed}。",
        "未知的收费类别，可用的类别为 {allowed}。",
    ),
}

_IDENTITY: _Texts = {
    "HKID_FORM": (
        "A Hong Kong identity card number is one or two letters, six digits and a check digit.",
        "香港身份證號碼須為一至兩個字母、六位數字及一位校驗碼。",
        "香港身份证号码须为一至两个字母、六位数字及一位校验码。",
    ),
    "HKID_CHECK_DIGIT": (
        "The check digit of the Hong Kong identity card number is wrong; read the card again.",
        "香港身份證號碼的校驗碼不符，請核對證件。",
        "香港身份证号码的校验码不符，请核对证件。",
    ),
    "MACAO_RESIDENT_ID_FORM": (
        "A Macao resident's card number has eight digits, written as 1/234567/8 or 1234567(8).",
        "澳門居民身份證號碼為八位數字,寫作 1/234567/8 或 1234567(8)。",
        "澳门居民身份证号码为八位数字,写作 1/234567/8 或 1234567(8)。",
    ),
    "HOME_RETURN_PERMIT_FORM": (
        "A Home Return Permit number is H or M followed by eight or ten digits.",
        "回鄉證號碼須為 H 或 M 加八位或十位數字。",
        "回乡证号码须为 H 或 M 加八位或十位数字。",
    ),
    "RESIDENCE_PERMIT_FORM": (
        "A residence permit number has 17 digits and a check digit (0-9 or X).",
        "居住證號碼須為 17 位數字及一位校驗碼（0-9 或 X）。",
        "居住证号码须为 17 位数字及一位校验码（0-9 或 X）。",
    ),
    "RESIDENCE_PERMIT_CHECK_DIGIT": (
        "The check digit of the residence permit number is wrong; read the card again.",
        "居住證號碼的校驗碼不符，請核對證件。",
        "居住证号码的校验码不符，请核对证件。",
    ),
    "RESIDENCE_PERMIT_BIRTH_DATE": (
        "The birth date inside the residence permit number is no possible date.",
        "居住證號碼內的出生日期無效。",
        "居住证号码内的出生日期无效。",
    ),
    "RESIDENCE_PERMIT_REGION": (
        "A residence permit number begins with 810000, 820000 or 830000.",
        "居住證號碼須以 810000、820000 或 830000 開頭。",
        "居住证号码须以 810000、820000 或 830000 开头。",
    ),
    "MAINLAND_ID_FORM": (
        "A mainland identity number has 17 digits and a check digit (0-9 or X).",
        "內地身份證號碼須為 17 位數字及一位校驗碼（0-9 或 X）。",
        "内地身份证号码须为 17 位数字及一位校验码（0-9 或 X）。",
    ),
    "MAINLAND_ID_CHECK_DIGIT": (
        "The check digit of the mainland identity number is wrong; read the card again.",
        "內地身份證號碼的校驗碼不符，請核對證件。",
        "内地身份证号码的校验码不符，请核对证件。",
    ),
    "MAINLAND_ID_BIRTH_DATE": (
        "The birth date inside the mainland identity number is no possible date.",
        "內地身份證號碼內的出生日期無效。",
        "内地身份证号码内的出生日期无效。",
    ),
    "MAINLAND_ID_REGION": (
        "This number is of a residence permit for Hong Kong, Macao or Taiwan; change the type.",
        "此號碼屬港澳台居民居住證，請更正證件類型。",
        "此号码属港澳台居民居住证，请更正证件类型。",
    ),
    "ACCOUNT_NUMBER_FORM": (
        "An account has 8 to 32 digits; a UnionPay card 16 to 19, beginning with 62, 81 or 60.",
        "賬號須為 8 至 32 位數字；銀聯卡為 16 至 19 位，以 62、81 或 60 開頭。",
        "账号须为 8 至 32 位数字；银联卡为 16 至 19 位，以 62、81 或 60 开头。",
    ),
    "ACCOUNT_NUMBER_NETWORK": (
        "This card is not of UnionPay and cannot receive RMB; give another account.",
        "此卡並非銀聯卡，不能收取人民幣，請提供其他賬戶。",
        "此卡并非银联卡，不能收取人民币，请提供其他账户。",
    ),
    "BANK_CODE_FORM": (
        "A bank's clearing code (CNAPS) has twelve digits.",
        "銀行聯行號（CNAPS）須為十二位數字。",
        "银行联行号（CNAPS）须为十二位数字。",
    ),
}

FAULT_TEXTS: _Texts = {
    **_SHAPE,
    **_IDENTITY,
    **CASE_TEXTS,
    **CREDIT_TEXTS,
    **FAMILY_TEXTS,
    **INFORMATION_TEXTS,
    **PAPER_TEXTS,
    **GUARANTEE_TEXTS,
    **TENDER_TEXTS,
    **TRANSFER_TEXTS,
    **VOUCHER_TEXTS,
    **WEBHOOK_TEXTS,
}
"""Code → English, traditional Chinese, simplified Chinese."""


def fault_sentence(code: str, **values: object) -> Sentence:
    """The sentence of a code with its values. Raises ``KeyError`` for a code or value not known."""
    en, zh_hant, zh_hans = (text.format(**values) for text in FAULT_TEXTS[code])
    return Sentence(en=en, zh_hant=zh_hant, zh_hans=zh_hans)


def fault(code: str, pointer: str, **values: object) -> Fault:
    return Fault(code=code, pointer=pointer, text=fault_sentence(code, **values))
