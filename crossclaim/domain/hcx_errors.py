"""The one catalogue of errors of an HCX-style exchange; ``docs/wire/hcx.md`` repeats it."""

from __future__ import annotations

from enum import StrEnum

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.errors import CrossclaimError


class HcxCode(StrEnum):
    """Every code that we answer; those of others are passed on as they are."""

    HEADER_MISSING = "ERR_MANDATORY_HEADER_MISSING"
    PAYLOAD = "ERR_INVALID_PAYLOAD"
    TOO_LARGE = "ERR_PAYLOAD_TOO_LARGE"
    VERSION = "ERR_API_VERSION_NOT_SUPPORTED"
    ENCRYPTION = "ERR_INVALID_ENCRYPTION"
    ACCESS = "ERR_ACCESS_DENIED"
    SENDER = "ERR_INVALID_SENDER"
    SENDER_NOT_SUPPORTED = "ERR_SENDER_NOT_SUPPORTED"
    RECIPIENT = "ERR_INVALID_RECIPIENT"
    TIMESTAMP = "ERR_INVALID_TIMESTAMP"
    API_CALL_ID = "ERR_INVALID_API_CALL_ID"
    CORRELATION_ID = "ERR_INVALID_CORRELATION_ID"
    WORKFLOW_ID = "ERR_INVALID_WORKFLOW_ID"
    STATUS = "ERR_INVALID_STATUS"
    REDIRECT_TO = "ERR_INVALID_REDIRECT_TO"
    ERROR_DETAILS = "ERR_INVALID_ERROR_DETAILS"
    WRONG_DOMAIN = "ERR_WRONG_DOMAIN_PAYLOAD"
    DOMAIN = "ERR_INVALID_DOMAIN_PAYLOAD"
    PROCESSING = "ERR_DOMAIN_PROCESSING"
    RECIPIENT_NOT_AVAILABLE = "ERR_RECIPIENT_NOT_AVAILABLE"
    UNAVAILABLE = "ERR_SERVICE_UNAVAILABLE"


CATALOGUE: dict[HcxCode, tuple[int, tuple[str, str, str]]] = {
    HcxCode.HEADER_MISSING: (
        400,
        (
            "A protected header that every message has is missing; see the trace.",
            "缺少每份訊息必備的受保護標頭，請參閱 trace。",
            "缺少每份消息必备的受保护标头，请参阅 trace。",
        ),
    ),
    HcxCode.PAYLOAD: (
        400,
        (
            'The body is not {"payload": …} with a JWE in compact form of five parts.',
            '內容不是 {"payload": …}，或其中不是五段式的 JWE 精簡格式。',
            '内容不是 {"payload": …}，或其中不是五段式的 JWE 紧凑格式。',
        ),
    ),
    HcxCode.TOO_LARGE: (
        413,
        (
            "The message is larger than is taken here.",
            "訊息超過此處可接收的大小。",
            "消息超过此处可接收的大小。",
        ),
    ),
    HcxCode.VERSION: (
        404,
        (
            "This version of the interface, or this action, is not served; use v0.8.",
            "不提供此介面版本或此動作，請使用 v0.8。",
            "不提供此接口版本或此动作，请使用 v0.8。",
        ),
    ),
    HcxCode.ENCRYPTION: (
        400,
        (
            "The payload does not open: its algorithm is not allowed, or its key is unknown, "
            "expired or another's.",
            "無法解密：所用演算法不獲接受，或金鑰不明、已過期或屬於他方。",
            "无法解密：所用算法不获接受，或密钥不明、已过期或属于他方。",
        ),
    ),
    HcxCode.ACCESS: (
        401,
        (
            "The sender's token is missing, too old, or not signed by the sender for this message.",
            "發送方的憑證缺失、過期，或並非由發送方為此訊息簽署。",
            "发送方的凭证缺失、过期，或并非由发送方为此消息签署。",
        ),
    ),
    HcxCode.SENDER: (
        400,
        (
            "The sender is not in the registry of participants, or is the recipient itself.",
            "發送方不在參與者名冊內，或與接收方相同。",
            "发送方不在参与者名册内，或与接收方相同。",
        ),
    ),
    HcxCode.SENDER_NOT_SUPPORTED: (
        403,
        (
            "A participant of this kind does not send this action here.",
            "此類參與者不可在此發送此動作。",
            "此类参与者不可在此发送此动作。",
        ),
    ),
    HcxCode.RECIPIENT: (
        400,
        (
            "The recipient is no participant that is served here.",
            "接收方並非此處服務的參與者。",
            "接收方并非此处服务的参与者。",
        ),
    ),
    HcxCode.TIMESTAMP: (
        400,
        (
            "The timestamp is no moment with its offset, or too far from now.",
            "時間戳記並非附時差的時刻，或與現在相差過大。",
            "时间戳并非附时差的时刻，或与现在相差过大。",
        ),
    ),
    HcxCode.API_CALL_ID: (
        400,
        (
            "The API call id is no UUID, or was used for another message.",
            "API 呼叫編號並非 UUID，或曾用於另一訊息。",
            "API 调用编号并非 UUID，或曾用于另一消息。",
        ),
    ),
    HcxCode.CORRELATION_ID: (
        400,
        (
            "The correlation id is no UUID, names no open cycle of yours, or was used before.",
            "關聯編號並非 UUID、不屬於貴方任何進行中的往來，或曾被使用。",
            "关联编号并非 UUID、不属于贵方任何进行中的往来，或曾被使用。",
        ),
    ),
    HcxCode.WORKFLOW_ID: (
        400,
        (
            "The workflow id is malformed or not that of the request.",
            "流程編號格式不符，或與請求不同。",
            "流程编号格式不符，或与请求不同。",
        ),
    ),
    HcxCode.STATUS: (
        400,
        (
            "The status is not one of this kind of message.",
            "狀態並非此類訊息可用者。",
            "状态并非此类消息可用者。",
        ),
    ),
    HcxCode.REDIRECT_TO: (
        400,
        (
            "A redirect names the participant to turn to; no other message has this header.",
            "轉介須指明應聯絡的參與者；其他訊息不得有此標頭。",
            "转介须指明应联系的参与者；其他消息不得有此标头。",
        ),
    ),
    HcxCode.ERROR_DETAILS: (
        400,
        (
            "An error has details with code and message; no other message has this header.",
            "錯誤須附代碼及說明；其他訊息不得有此標頭。",
            "错误须附代码及说明；其他消息不得有此标头。",
        ),
    ),
    HcxCode.WRONG_DOMAIN: (
        400,
        (
            "The payload holds another FHIR resource than this action is about.",
            "內容並非此動作所需的 FHIR 資源。",
            "内容并非此动作所需的 FHIR 资源。",
        ),
    ),
    HcxCode.DOMAIN: (
        422,
        (
            "The FHIR content cannot be taken; the trace names every fault and its place.",
            "FHIR 內容不獲接收；trace 列明各項錯誤及位置。",
            "FHIR 内容不获接收；trace 列明各项错误及位置。",
        ),
    ),
    HcxCode.PROCESSING: (
        409,
        (
            "The content was understood and differs from what was taken before.",
            "內容可解讀，但與先前收到者不符。",
            "内容可解读，但与先前收到者不符。",
        ),
    ),
    HcxCode.RECIPIENT_NOT_AVAILABLE: (
        503,
        (
            "The recipient cannot be reached; send the same message again later.",
            "暫時無法聯絡接收方，請稍後重發同一訊息。",
            "暂时无法联系接收方，请稍后重发同一消息。",
        ),
    ),
    HcxCode.UNAVAILABLE: (
        503,
        (
            "An engine behind this door is down; send the same message again in a moment.",
            "後台服務暫停，請稍後重發同一訊息。",
            "后台服务暂停，请稍后重发同一消息。",
        ),
    ),
}
"""Code → HTTP status and what it says."""


class HcxError(CrossclaimError):
    """A message that is not taken. ``trace`` holds codes and places, never a value."""

    def __init__(self, code: HcxCode, trace: str = "") -> None:
        super().__init__(sentence(code).en, code=code.value)
        self.status = CATALOGUE[code][0]
        self.hcx = code
        self.trace = trace


def sentence(code: HcxCode) -> Sentence:
    en, zh_hant, zh_hans = CATALOGUE[code][1]
    return Sentence(en=en, zh_hant=zh_hant, zh_hans=zh_hans)
