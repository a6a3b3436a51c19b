"""Faults of a FHIR submission, each with a code and three sentences, and their OperationOutcome."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from crossclaim.domain.allocation import Fault, Sentence
from crossclaim.domain.errors import Refused
from crossclaim.gateways import fhir_terms as terms

_PATH_MAX = 500
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


class FhirFault(StrEnum):
    """Stable codes of what can be wrong with a FHIR message, apart from what it says."""

    MEDIA_TYPE = "FHIR_MEDIA_TYPE"
    VERSION = "FHIR_VERSION"
    RESOURCE_TYPE = "FHIR_RESOURCE_TYPE"
    RESOURCE_MISSING = "FHIR_RESOURCE_MISSING"
    RESOURCE_TWICE = "FHIR_RESOURCE_TWICE"
    ELEMENT_UNKNOWN = "FHIR_ELEMENT_UNKNOWN"
    ELEMENT_MISSING = "FHIR_ELEMENT_MISSING"
    ELEMENT_INVALID = "FHIR_ELEMENT_INVALID"
    MODIFIER_UNKNOWN = "FHIR_MODIFIER_UNKNOWN"
    NESTED_TOO_DEEPLY = "FHIR_NESTED_TOO_DEEPLY"
    REFERENCE_UNRESOLVED = "FHIR_REFERENCE_UNRESOLVED"
    PATIENT_DIFFERS = "FHIR_PATIENT_DIFFERS"
    FOCAL_INSURANCE = "FHIR_FOCAL_INSURANCE"
    SYSTEM_UNKNOWN = "FHIR_SYSTEM_UNKNOWN"
    CODE_UNKNOWN = "FHIR_CODE_UNKNOWN"
    CURRENCY_MISSING = "FHIR_CURRENCY_MISSING"
    CURRENCY_UNKNOWN = "FHIR_CURRENCY_UNKNOWN"
    AMOUNT_INVALID = "FHIR_AMOUNT_INVALID"
    TIME_WITHOUT_OFFSET = "FHIR_TIME_WITHOUT_OFFSET"
    DOCUMENT_INLINE = "FHIR_DOCUMENT_INLINE"
    NOT_TAKEN = "FHIR_NOT_TAKEN"
    TYPE_NOT_SERVED = "FHIR_TYPE_NOT_SERVED"
    PARAMETER_UNKNOWN = "FHIR_PARAMETER_UNKNOWN"
    PARAMETER_VALUE = "FHIR_PARAMETER_VALUE"


_SENTENCES: dict[FhirFault, tuple[str, str, str]] = {
    FhirFault.MEDIA_TYPE: (
        "Send application/fhir+json in UTF-8.",
        "請以 UTF-8 編碼的 application/fhir+json 傳送。",
        "请以 UTF-8 编码的 application/fhir+json 发送。",
    ),
    FhirFault.VERSION: (
        "Only FHIR R4 is understood: leave fhirVersion out or say 4.0.",
        "只支援 FHIR R4：請省略 fhirVersion 或填 4.0。",
        "只支持 FHIR R4：请省略 fhirVersion 或填 4.0。",
    ),
    FhirFault.RESOURCE_TYPE: (
        "This resource is of a type that cannot be used here.",
        "此處不能使用這種類型的資源。",
        "此处不能使用这种类型的资源。",
    ),
    FhirFault.RESOURCE_MISSING: (
        "The Bundle lacks this resource.",
        "Bundle 缺少這項資源。",
        "Bundle 缺少这项资源。",
    ),
    FhirFault.RESOURCE_TWICE: (
        "This resource must stand only once.",
        "這項資源只可出現一次。",
        "这项资源只可出现一次。",
    ),
    FhirFault.ELEMENT_UNKNOWN: (
        "FHIR R4 has no such element.",
        "FHIR R4 沒有這個元素。",
        "FHIR R4 没有这个元素。",
    ),
    FhirFault.ELEMENT_MISSING: (
        "This element is required.",
        "必須填寫這個元素。",
        "必须填写这个元素。",
    ),
    FhirFault.ELEMENT_INVALID: (
        "The value of this element cannot be used.",
        "這個元素的值無效。",
        "这个元素的值无效。",
    ),
    FhirFault.MODIFIER_UNKNOWN: (
        "This changes the meaning of the message in a way that is not known here.",
        "此項以未知方式改變訊息的意義。",
        "此项以未知方式改变消息的意义。",
    ),
    FhirFault.NESTED_TOO_DEEPLY: (
        "The message is nested too deeply.",
        "訊息的層次過深。",
        "消息的层次过深。",
    ),
    FhirFault.REFERENCE_UNRESOLVED: (
        "What this refers to is not in the Bundle, or not of the right type.",
        "所指的資源不在 Bundle 之內，或類型不符。",
        "所指的资源不在 Bundle 之内，或类型不符。",
    ),
    FhirFault.PATIENT_DIFFERS: (
        "This is about another patient than the claim.",
        "此項與索償的病人不同。",
        "此项与理赔的患者不同。",
    ),
    FhirFault.FOCAL_INSURANCE: (
        "Exactly one insurance must be focal.",
        "必須恰有一項保險標為 focal。",
        "必须恰有一项保险标为 focal。",
    ),
    FhirFault.SYSTEM_UNKNOWN: (
        "No code or identifier of the expected system is given.",
        "沒有提供所需系統的代碼或識別號。",
        "没有提供所需系统的代码或标识号。",
    ),
    FhirFault.CODE_UNKNOWN: (
        "This code is not known.",
        "代碼不明。",
        "代码不明。",
    ),
    FhirFault.CURRENCY_MISSING: (
        "An amount needs its currency.",
        "金額必須註明貨幣。",
        "金额必须注明货币。",
    ),
    FhirFault.CURRENCY_UNKNOWN: (
        "Amounts may be in CNY, HKD or MOP.",
        "金額只可為人民幣、港元或澳門元。",
        "金额只可为人民币、港元或澳门元。",
    ),
    FhirFault.AMOUNT_INVALID: (
        "An amount is a number with at most two digits after the point.",
        "金額須為最多兩位小數的數字。",
        "金额须为最多两位小数的数字。",
    ),
    FhirFault.TIME_WITHOUT_OFFSET: (
        "A date with time and time zone is required.",
        "須填寫日期、時間及時區。",
        "须填写日期、时间及时区。",
    ),
    FhirFault.DOCUMENT_INLINE: (
        "Upload documents first and name them by urn:sha256 in the attachment's url.",
        "請先上載文件，再於附件的 url 以 urn:sha256 標明。",
        "请先上传文件，再于附件的 url 以 urn:sha256 标明。",
    ),
    FhirFault.NOT_TAKEN: (
        "This is not taken at this address; /fhir/metadata lists what is.",
        "此地址不接受這項要求；可用的操作見 /fhir/metadata。",
        "此地址不接受这项请求；可用的操作见 /fhir/metadata。",
    ),
    FhirFault.TYPE_NOT_SERVED: (
        "Resources of this type are not served here; /fhir/metadata lists those that are.",
        "此處不提供這種類型的資源；可用的類型見 /fhir/metadata。",
        "此处不提供这种类型的资源；可用的类型见 /fhir/metadata。",
    ),
    FhirFault.PARAMETER_UNKNOWN: (
        "This search parameter is not known for this type.",
        "此類型沒有這個搜尋參數。",
        "此类型没有这个搜索参数。",
    ),
    FhirFault.PARAMETER_VALUE: (
        "The value of this parameter cannot be used.",
        "這個參數的值無效。",
        "这个参数的值无效。",
    ),
}

_ISSUE_TYPES = {
    FhirFault.RESOURCE_TYPE: "not-supported",
    FhirFault.MEDIA_TYPE: "not-supported",
    FhirFault.VERSION: "not-supported",
    FhirFault.ELEMENT_UNKNOWN: "structure",
    FhirFault.MODIFIER_UNKNOWN: "extension",
    FhirFault.ELEMENT_MISSING: "required",
    FhirFault.RESOURCE_MISSING: "required",
    FhirFault.CURRENCY_MISSING: "required",
    FhirFault.ELEMENT_INVALID: "value",
    FhirFault.AMOUNT_INVALID: "value",
    FhirFault.TIME_WITHOUT_OFFSET: "value",
    FhirFault.REFERENCE_UNRESOLVED: "not-found",
    FhirFault.SYSTEM_UNKNOWN: "code-invalid",
    FhirFault.CODE_UNKNOWN: "code-invalid",
    FhirFault.CURRENCY_UNKNOWN: "code-invalid",
    FhirFault.NESTED_TOO_DEEPLY: "too-costly",
    FhirFault.NOT_TAKEN: "not-supported",
    FhirFault.TYPE_NOT_SERVED: "not-supported",
    FhirFault.PARAMETER_UNKNOWN: "not-supported",
    FhirFault.PARAMETER_VALUE: "value",
}


class MediaTypeRefused(Refused):
    """The request says that its body is something else than FHIR R4 in JSON."""

    status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"


def fault(code: FhirFault, path: str) -> Fault:
    """One fault at a FHIRPath; its texts never quote the message."""
    en, zh_hant, zh_hans = _SENTENCES[code]
    return Fault(
        code=code.value, pointer=path, text=Sentence(en=en, zh_hant=zh_hant, zh_hans=zh_hans)
    )


def check_content_type(header: str | None) -> None:
    """Raises ``MediaTypeRefused`` for anything but FHIR JSON of version 4.0 in UTF-8."""
    media_type, *parameters = [part.strip() for part in (header or "").split(";")]
    faults = []
    if media_type.lower() not in ("application/fhir+json", "application/json"):
        faults.append(fault(FhirFault.MEDIA_TYPE, ""))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        value = value.strip().strip('"')
        if name.strip().lower() == "charset" and value.lower() != "utf-8":
            faults.append(fault(FhirFault.MEDIA_TYPE, ""))
        if name.strip().lower() == "fhirversion" and value != "4.0":
            faults.append(fault(FhirFault.VERSION, ""))
    if faults:
        raise MediaTypeRefused("the body is not FHIR R4 in JSON", faults)


def operation_outcome(
    faults: list[Fault], origins: Mapping[str, str] | None = None, severity: str = "error"
) -> dict[str, Any]:
    """The faults as an R4 OperationOutcome.

    ``origins`` (of ``FhirSubmission``) turns pointers into our own submission, which the rules
    speak of, into places of the message that was sent.
    """
    issues = [_issue(one, _origin(one.pointer, origins or {}), severity) for one in faults]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(one: Fault, path: str, severity: str) -> dict[str, Any]:
    known = next((code for code in FhirFault if code.value == one.code), None)
    issue: dict[str, Any] = {
        "severity": severity,
        "code": _ISSUE_TYPES.get(known, "invalid") if known else "business-rule",
        "details": {
            "coding": [{"system": terms.FAULT, "code": one.code}],
            "text": one.text.en,
            "_text": {
                "extension": [
                    _translation("zh-Hant", one.text.zh_hant),
                    _translation("zh-Hans", one.text.zh_hans),
                ]
            },
        },
    }
    if path:
        issue["expression"] = [path]
    return issue


def _translation(language: str, text: str) -> dict[str, Any]:
    return {
        "url": _TRANSLATION,
        "extension": [
            {"url": "lang", "valueCode": language},
            {"url": "content", "valueString": text},
        ],
    }


def _origin(pointer: str, origins: Mapping[str, str]) -> str:
    """The place of the message for the pointer itself, or else for what encloses it."""
    while pointer:
        if pointer in origins:
            return origins[pointer]
        if not pointer.startswith("/"):
            return pointer
        if not origins:
            return _fhir_path(pointer)
        pointer = pointer.rpartition("/")[0]
    return ""


def _fhir_path(pointer: str) -> str:
    """A JSON pointer into a resource as FHIRPath; a parameter's as FHIR names parameters."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if steps[0] == "query":
        return f"http.{'.'.join(steps[1:])}"[:_PATH_MAX]
    found = ""
    for step in steps:
        found += f"[{step}]" if step.isdecimal() and found else f".{step[:64]}"
    return found.removeprefix(".")[:_PATH_MAX]
