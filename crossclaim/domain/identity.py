"""Checks of identity, organisation, bank and e-bill numbers: ``domain.md`` C1 to C7.

A check answers with the first ``Defect`` it finds, or ``None`` for a number that holds. Nothing is
looked up anywhere: a number that holds may still belong to nobody. Luhn and the check digit of a
CNAPS code are warnings only, since real numbers break them; they have functions of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from itertools import pairwise

from crossclaim.domain.submission import DocumentType

IDENTIFIER_SYSTEMS: dict[DocumentType, str] = {
    document: f"https://crossclaim.example/fhir/identifier/{document.value.replace('_', '-')}"
    for document in DocumentType
}
"""FHIR ``Identifier.system`` of each document type; none of them has a published URI."""


class Defect(StrEnum):
    """What is wrong with a number; the names end fault codes such as ``HKID_CHECK_DIGIT``."""

    FORM = "FORM"
    CHECK_DIGIT = "CHECK_DIGIT"
    BIRTH_DATE = "BIRTH_DATE"
    REGION = "REGION"
    ORGANISATION_CODE = "ORGANISATION_CODE"
    NETWORK = "NETWORK"


_SEPARATORS = re.compile(r"[\s()\-]")
_HKID = re.compile(r"([A-Z]{1,2})([0-9]{6})([0-9A])")
_CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
_RETURN_PERMIT = re.compile(r"[HM][0-9]{8}([0-9]{2})?")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_UNIONPAY = re.compile(r"(62|81|60)[0-9]{14,17}")
_ACCOUNT = re.compile(r"[0-9]{8,32}")
_EBILL_CODE = re.compile(r"[0-9]{2}06(01|02)[0-9]{2}")
_EBILL_NUMBER = re.compile(r"[0-9]{10}")
_EBILL_CHECK = re.compile(r"[0-9a-z]{6}")

_MACAO = re.compile(r"[0-9]{8}")

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalised(number: str) -> str:
    """Half-width, upper case, without brackets, blanks and dashes: the form that is compared."""
    return half_width(number).upper()


def half_width(number: str) -> str:
    """Half-width, without brackets, blanks and dashes; letters keep their case."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", number))


def hkid_defect(number: str) -> Defect | None:
    """C1: one or two letters, six digits, check digit modulo 11 in or without brackets."""
    match = _HKID.fullmatch(normalised(number))
    if match is None:
        return Defect.FORM
    letters, digits, check = match.groups()
    values = [36 if c == " " else ord(c) - ord("A") + 10 for c in letters.rjust(2)]
    values += [int(c) for c in digits]
    weighted = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True))
    expected = (11 - weighted % 11) % 11
    return None if check == "0123456789A"[expected] else Defect.CHECK_DIGIT


def _citizen_defect(number: str, today: date) -> Defect | None:
    text = normalised(number)
    if not _CITIZEN.fullmatch(text):
        return Defect.FORM
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return Defect.BIRTH_DATE
    if born > today:
        return Defect.BIRTH_DATE
    weighted = sum(int(c) * w for c, w in zip(text, _CITIZEN_WEIGHTS, strict=False))
    return None if text[17] == _CITIZEN_CHECKS[weighted % 11] else Defect.CHECK_DIGIT


def residence_permit_defect(number: str, today: date) -> Defect | None:
    """C2 for 港澳台居民居住证: a citizen number under address code 810000, 820000 or 830000."""
    text = normalised(number)
    if _CITIZEN.fullmatch(text) and text[:6] not in {"810000", "820000", "830000"}:
        return Defect.REGION
    return _citizen_defect(number, today)


def mainland_id_defect(number: str, today: date) -> Defect | None:
    """C2 for a mainland citizen: the same number under any other address code."""
    text = normalised(number)
    if _CITIZEN.fullmatch(text) and text[:2] in {"81", "82", "83"}:
        return Defect.REGION
    return _citizen_defect(number, today)


def return_permit_defect(number: str) -> Defect | None:
    """C3: ``H`` or ``M`` and eight digits, with or without the two that count renewals."""
    return None if _RETURN_PERMIT.fullmatch(normalised(number)) else Defect.FORM


def macao_compared(number: str) -> str:
    """``1/234567/8`` and ``1234567(8)`` are one number in two ways of writing it."""
    return normalised(number).replace("/", "")


def macao_id_defect(number: str) -> Defect | None:
    """A Macao resident's card has eight digits; how the last one checks is published nowhere."""
    return None if _MACAO.fullmatch(macao_compared(number)) else Defect.FORM


def same_permit_holder(one: str, other: str) -> bool:
    """Whether two Home Return Permits are of one person: the first nine characters decide."""
    return normalised(one)[:9] == normalised(other)[:9]


def document_defect(document: DocumentType, number: str, today: date) -> Defect | None:
    """The defect of an identity document's number, by the document's own rule.

    A Certificate of Exemption carries a number whose form nobody publishes: any text holds.
    """
    checks: dict[DocumentType, Callable[[], Defect | None]] = {
        DocumentType.HKID: lambda: hkid_defect(number),
        DocumentType.CERT_EXEMPTION: lambda: None,
        DocumentType.HOME_RETURN_PERMIT: lambda: return_permit_defect(number),
        DocumentType.RESIDENCE_PERMIT: lambda: residence_permit_defect(number, today),
        DocumentType.MAINLAND_ID: lambda: mainland_id_defect(number, today),
        DocumentType.MACAO_RESIDENT_ID: lambda: macao_id_defect(number),
    }
    return checks[document]()


def uscc_defect(number: str) -> Defect | None:
    """C4: unified social credit code, modulo 31, and the organisation code inside it."""
    text = normalised(number)
    if not _USCC.fullmatch(text):
        return Defect.FORM
    values = [_USCC_ALPHABET.index(c) for c in text]
    weighted = sum(v * w for v, w in zip(values, _USCC_WEIGHTS, strict=False))
    if values[17] != (31 - weighted % 31) % 31:
        return Defect.CHECK_DIGIT
    # Inside, a letter counts as in GB 11714 (A=10 … Z=35), not by its place in the outer alphabet.
    inner = sum(int(c, 36) * w for c, w in zip(text[8:16], _ORGANISATION_WEIGHTS, strict=True))
    expected = {10: "X", 11: "0"}.get(11 - inner % 11, str(11 - inner % 11))
    return None if text[16] == expected else Defect.ORGANISATION_CODE


def unionpay_defect(number: str) -> Defect | None:
    """C5: a UnionPay card has 16 to 19 digits and begins with 62, 81 or 60."""
    text = normalised(number)
    if _UNIONPAY.fullmatch(text):
        return None
    return Defect.NETWORK if re.fullmatch(r"[345][0-9]{13,18}", text) else Defect.FORM


def payee_account_defect(number: str) -> Defect | None:
    """An RMB account: a UnionPay card, or a plain account of 8 to 32 digits (a reading of ours).

    What begins like a UnionPay card must be one; what a foreign card network would take is refused.
    """
    text = normalised(number)
    if text.startswith(("62", "81", "60")):
        return unionpay_defect(text)
    if not _ACCOUNT.fullmatch(text):
        return Defect.FORM
    foreign = len(text) == 16 and text[0] in "345" and luhn_holds(text)
    return Defect.NETWORK if foreign else None


_ALIPAY = re.compile(r"(2[5-9]|30)[0-9]{14,22}")
"""A payer's code there: sixteen digits or more, from 25 to 30."""
_CARD = re.compile(r"([3456][0-9]|2[2-7])[0-9]{11,17}")
"""Thirteen to nineteen digits of a card network; WeChat's codes begin with 10 to 15."""


def is_card_number(code: str, method: str = "") -> bool:
    """Whether a payer's code is a card's own number, however it is parted: nobody may keep one."""
    digits = re.sub(r"[-_]", "", code)
    if method == "alipay" and _ALIPAY.fullmatch(digits):
        return False
    return _CARD.fullmatch(digits) is not None and luhn_holds(digits)


def luhn_holds(number: str) -> bool:
    """C5's warning: some UnionPay cards do not follow Luhn, so nothing is refused by it."""
    digits = [int(c) for c in reversed(normalised(number)) if c.isdecimal()]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[1::2]]
    return bool(digits) and (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def cnaps_defect(number: str) -> Defect | None:
    """C6: a bank code of the mainland clearing system has twelve digits."""
    return None if re.fullmatch(r"[0-9]{12}", normalised(number)) else Defect.FORM


def cnaps_check_holds(number: str) -> bool:
    """C6's warning: ISO 7064 MOD 11,10 over twelve digits; published nowhere, so no refusal."""
    text = normalised(number)
    if cnaps_defect(text) is not None:
        return False
    product = 10
    for digit in text[:11]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return int(text[11]) == (1 - product) % 10


def ebill_defect(code: str, number: str, check: str) -> Defect | None:
    """C7: code, number and check code of an electronic medical bill, by form alone.

    Full-width digits and blanks are read as usual; the check code is lower case, no other.
    """
    forms = ((_EBILL_CODE, code), (_EBILL_NUMBER, number), (_EBILL_CHECK, check))
    holds = all(form.fullmatch(half_width(text)) for form, text in forms)
    return None if holds else Defect.FORM


def ebill_year_fits(code: str, issued_on: date) -> bool:
    """C7: the code's last two digits are the year of issue, the one before or the one after."""
    return any(half_width(code)[-2:] == f"{year % 100:02d}" for year in _years_around(issued_on))


def _years_around(day: date) -> range:
    return range(day.year - 1, day.year + 2)


def in_order(moments: list[date | None]) -> bool:
    """C8: the dates that are known stand in order, equal ones allowed."""
    known = [moment for moment in moments if moment is not None]
    return all(earlier <= later for earlier, later in pairwise(known))
