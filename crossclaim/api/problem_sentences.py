"""The sentence of every problem code of the API in the three languages."""

from __future__ import annotations

from crossclaim.api.document_sentences import DOCUMENT_TEXTS
from crossclaim.domain.allocation import Fault, Sentence

_TEXTS: dict[str, tuple[str, str, str]] = {
    "INTERNAL": (
        "Something went wrong on our side; quote the correlation id to support.",
        "系統發生錯誤，請向支援人員提供關聯編號。",
        "系统发生错误，请向支持人员提供关联编号。",
    ),
    "PATIENT_LINK_NOBODY": (
        "Nobody of this kind stands in the episode, so there is no one to make a link for.",
        "個案中沒有這類人士，無法為其製作連結。",
        "个案中没有这类人士，无法为其制作链接。",
    ),
    "SUBMISSION_REFUSED": (
        "The submission was refused; every fault is listed.",
        "提交內容不獲接納，所有錯誤已列出。",
        "提交内容未被接受，所有错误已列出。",
    ),
    "SUBMISSION_DIFFERS": (
        "This was submitted before with other content.",
        "同一項目之前已提交，但內容不同。",
        "同一项目之前已提交，但内容不同。",
    ),
    "MEMBER_DIFFERS": (
        "This member differs from what was submitted before.",
        "此欄位與之前提交的內容不同。",
        "此字段与之前提交的内容不同。",
    ),
    "IDEMPOTENCY_KEY_REUSED": (
        "This Idempotency-Key was used for another request.",
        "此 Idempotency-Key 已用於另一項請求。",
        "此 Idempotency-Key 已用于另一项请求。",
    ),
    "IDEMPOTENCY_KEY_FORM": (
        "An Idempotency-Key has 1 to 255 printable ASCII characters.",
        "Idempotency-Key 須為 1 至 255 個可列印的 ASCII 字元。",
        "Idempotency-Key 须为 1 至 255 个可打印的 ASCII 字符。",
    ),
    "SUBMISSION_IN_PROGRESS": (
        "The same submission is being worked on; ask again.",
        "同一項提交正在處理中，請稍後再試。",
        "同一项提交正在处理中，请稍后再试。",
    ),
    "SUBMISSION_NOT_APPLIED": (
        "This could not be applied and changed nothing; a person is told. Submit it again later.",
        "此提交未能處理，未有任何更改；已通知人手跟進，請稍後再提交。",
        "此提交未能处理，未有任何更改；已通知人手跟进，请稍后再提交。",
    ),
    "MATCH_REFUSED": (
        "The match cannot be made; every reason is listed.",
        "無法配對，所有原因已列出。",
        "无法匹配，所有原因已列出。",
    ),
    "PRECONDITION_FAILED": (
        "This was changed meanwhile; read it again and use its new ETag.",
        "內容已被更改，請重新讀取並使用新的 ETag。",
        "内容已被更改，请重新读取并使用新的 ETag。",
    ),
    "ETAG_FORM": (
        "If-Match and If-None-Match take an ETag as it was told, in quotation marks, or *.",
        "If-Match 及 If-None-Match 須為所提供的 ETag（連引號）或 *。",
        "If-Match 及 If-None-Match 须为所提供的 ETag（含引号）或 *。",
    ),
    "NOT_FOUND": (
        "There is no such thing, or it is not yours to see.",
        "沒有此項目，或你無權查看。",
        "没有此项目，或您无权查看。",
    ),
    "NOT_AUTHENTICATED": (
        "Send a valid API key or access token (Authorization: Bearer …), or sign in.",
        "請提供有效的 API 金鑰或存取權杖（Authorization: Bearer …），或先登入。",
        "请提供有效的 API 密钥或访问令牌（Authorization: Bearer …），或先登录。",
    ),
    "NOT_ALLOWED": (
        "Your role may not do this.",
        "你的角色無權進行此操作。",
        "您的角色无权进行此操作。",
    ),
    "STEP_UP_NEEDED": (
        "Sign in again to do this: it is too long since you proved who you are.",
        "此操作須重新登入：距離上次驗證身分的時間過長。",
        "此操作须重新登录：距离上次验证身份的时间过长。",
    ),
    "CSRF_REFUSED": (
        "This request did not come from a page of ours, so nothing was changed.",
        "此請求並非來自本系統的頁面，未有任何更改。",
        "此请求并非来自本系统的页面，未有任何更改。",
    ),
    "LICENCE_MISSING": (
        "Claim service in the mainland is only for people with a mainland insurance licence on"
        " file that is valid today.",
        "在內地提供理賠服務，須備有今日有效的內地保險牌照紀錄。",
        "在内地提供理赔服务，须备有今日有效的内地保险牌照记录。",
    ),
    "SIGN_IN_REFUSED": (
        "You could not be signed in; begin again, and ask your organisation if it happens again.",
        "未能登入；請重新開始，如再次發生請向所屬機構查詢。",
        "未能登录；请重新开始，如再次发生请向所属机构查询。",
    ),
    "TOO_MANY_REQUESTS": (
        "Too many requests; wait as long as Retry-After says.",
        "請求過多，請按 Retry-After 所示時間等候。",
        "请求过多，请按 Retry-After 所示时间等候。",
    ),
    "RECORD_ACCESS_CLOSED": (
        "The patient has withdrawn the consent to this record, so it cannot be looked at any more.",
        "病人已撤回對此紀錄的同意，不能再查閱。",
        "病人已撤回对此记录的同意，不能再查阅。",
    ),
    "TOO_MANY_PAYLOADS": (
        "At most 100 payloads are opened in a minute; wait and ask again.",
        "每分鐘最多解密 100 項資料，請稍後再試。",
        "每分钟最多解密 100 项数据，请稍后再试。",
    ),
    "PAYLOADS_MALFORMED": (
        "The body is no list of payloads as Temporal sends it, or a payload names no key of ours.",
        "內容不是 Temporal 的資料清單，或其中一項未註明本系統的密鑰。",
        "内容不是 Temporal 的数据清单，或其中一项未注明本系统的密钥。",
    ),
    "EXPORT_GONE": (
        "The export was fetched once or lay too long, and its key is destroyed; ask for a new one.",
        "資料匯出檔已被下載一次或已逾期，其密鑰已銷毀；請重新申請。",
        "数据导出文件已被下载一次或已逾期，其密钥已销毁；请重新申请。",
    ),
    "KEY_DESTROYED": (
        "The data of this person were erased: their key is destroyed, and nobody can read them.",
        "此人的資料已刪除：密鑰已銷毀，任何人均無法讀取。",
        "此人的资料已删除：密钥已销毁，任何人均无法读取。",
    ),
    "UNAVAILABLE": (
        "A part of the platform is down; try again soon.",
        "系統部分服務暫停，請稍後再試。",
        "系统部分服务暂停，请稍后再试。",
    ),
    "GATEWAY": (
        "An outside party could not be reached or answered wrongly.",
        "未能連接外部機構，或其回覆有誤。",
        "未能连接外部机构，或其答复有误。",
    ),
    "ROUTE_NOT_FOUND": ("There is no such address.", "沒有此網址。", "没有此网址。"),
    "METHOD_NOT_ALLOWED": (
        "This address does not take this method.",
        "此網址不接受此請求方法。",
        "此网址不接受此请求方法。",
    ),
    "HTTP_ERROR": (
        "The request cannot be answered.",
        "無法處理此請求。",
        "无法处理此请求。",
    ),
    "PARAMETERS_REFUSED": (
        "Parameters of the address or headers are not valid.",
        "網址參數或標頭不正確。",
        "网址参数或标头不正确。",
    ),
    "PARAMETER_NOT_VALID": (
        "This parameter is not valid; see the API's description.",
        "此參數不正確，請參閱介面說明。",
        "此参数不正确，请参阅接口说明。",
    ),
    "BODY_TOO_LARGE": (
        "The body is over the limit of {limit} bytes.",
        "內容超過上限 {limit} 位元組。",
        "内容超过上限 {limit} 字节。",
    ),
    "CONTENT_TYPE": (
        "Send the body as {expected}.",
        "請以 {expected} 傳送內容。",
        "请以 {expected} 发送内容。",
    ),
    "CONTENT_ENCODING": (
        "Send the body without compression.",
        "請傳送未壓縮的內容。",
        "请发送未压缩的内容。",
    ),
    "NOT_UTF8": ("The body is not UTF-8.", "內容並非 UTF-8 編碼。", "内容并非 UTF-8 编码。"),
    "NOT_JSON": (
        "The body is not JSON (line {line}, column {column}).",
        "內容並非 JSON（第 {line} 行第 {column} 字元）。",
        "内容并非 JSON（第 {line} 行第 {column} 字符）。",
    ),
    "BODY_REFUSED": (
        "The body cannot be read; every fault is listed.",
        "無法讀取內容，所有錯誤已列出。",
        "无法读取内容，所有错误已列出。",
    ),
    "JSON_NOT_OBJECT": (
        "The body must be one JSON object.",
        "內容須為一個 JSON 物件。",
        "内容须为一个 JSON 对象。",
    ),
    "JSON_DUPLICATE_KEY": (
        "This member stands twice in its object.",
        "此欄位在同一物件中重複。",
        "此字段在同一对象中重复。",
    ),
    "JSON_NAN": (
        "NaN and Infinity are not numbers of JSON.",
        "NaN 與 Infinity 並非 JSON 數字。",
        "NaN 与 Infinity 并非 JSON 数字。",
    ),
    "JSON_NUMBER": (
        "The number is too long or too large.",
        "數字過長或過大。",
        "数字过长或过大。",
    ),
    "JSON_TOO_DEEP": (
        "The body is nested more than {limit} levels deep.",
        "內容的層次超過 {limit} 層。",
        "内容的层次超过 {limit} 层。",
    ),
    "JSON_TOO_MANY_ITEMS": (
        "The list has more than {limit} elements.",
        "清單超過 {limit} 項。",
        "列表超过 {limit} 项。",
    ),
    "JSON_TEXT": (
        "The text has a character that cannot be stored (NUL or half a surrogate pair).",
        "文字含有無法儲存的字元（NUL 或不完整的代理對）。",
        "文本含有无法存储的字符（NUL 或不完整的代理对）。",
    ),
    "JSON_KEY_TOO_LONG": (
        "A member's name is longer than {limit} characters.",
        "欄位名稱超過 {limit} 個字元。",
        "字段名称超过 {limit} 个字符。",
    ),
    **DOCUMENT_TEXTS,
    "UNSUPPORTED_MEDIA_TYPE": (
        "The body is of a type that cannot be used here.",
        "此處不接受這種內容類型。",
        "此处不接受这种内容类型。",
    ),
}

PROBLEM_CODES = frozenset(_TEXTS)


def problem_sentence(code: str, **values: object) -> Sentence:
    """The sentence of a code with its values; a code of another party gets the general one."""
    en, zh_hant, zh_hans = (text.format(**values) for text in _TEXTS.get(code, _TEXTS["GATEWAY"]))
    return Sentence(en=en, zh_hant=zh_hant, zh_hans=zh_hans)


def problem_fault(code: str, pointer: str, **values: object) -> Fault:
    return Fault(code=code, pointer=pointer, text=problem_sentence(code, **values))
