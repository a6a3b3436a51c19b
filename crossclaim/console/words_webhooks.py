"""Words of the pages about webhooks."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

WEBHOOK_WORDS: dict[str, Triple] = {
    "webhooks": ("Webhooks", "推送通知", "推送通知"),
    "webhooks_are": (
        "Addresses of your systems that hear what becomes of your episodes.",
        "你的系統在這些地址接收個案的最新情況。",
        "您的系统在这些地址接收个案的最新情况。",
    ),
    "no_endpoint": (
        "No system of yours listens yet.",
        "你尚未有系統接收通知。",
        "您尚未有系统接收通知。",
    ),
    "no_endpoint_hint": (
        "A system registers its address over the API (/v1/webhook-endpoints) or with the command"
        " crossclaim webhooks add.",
        "系統可經 API（/v1/webhook-endpoints）或以命令 crossclaim webhooks add 登記地址。",
        "系统可经 API（/v1/webhook-endpoints）或以命令 crossclaim webhooks add 登记地址。",
    ),
    "stopped_endpoints": (
        "Endpoints that no longer answer",
        "不再回應的接收端",
        "不再响应的接收端",
    ),
    "stopped_are": (
        "Call the organisation: once its system answers again it enables the endpoint itself, and"
        " what waited goes on.",
        "請致電該機構:其系統恢復回應後由機構自行重新啟用,等候的通知隨即續發。",
        "请致电该机构:其系统恢复响应后由机构自行重新启用,等候的通知随即续发。",
    ),
    "all_answer": ("Every endpoint answers.", "所有接收端均有回應。", "所有接收端均有响应。"),
    "address": ("Address", "地址", "地址"),
    "event_types": ("Events", "事件", "事件"),
    "every_event": ("all", "全部", "全部"),
    "signed_by": ("Signature", "簽章", "签名"),
    "signed_v1": ("shared secret (v1)", "共用密鑰(v1)", "共享密钥(v1)"),
    "signed_v1a": ("public key (v1a)", "公開密鑰(v1a)", "公开密钥(v1a)"),
    "endpoint_reason": ("Why", "原因", "原因"),
    "endpoint_reason_gone": (
        "it said that it takes nothing more (410)",
        "對方表示不再接收(410)",
        "对方表示不再接收(410)",
    ),
    "endpoint_reason_given_up": (
        "it failed for three days",
        "連續三天未能送達",
        "连续三天未能送达",
    ),
    "endpoint_reason_by_owner": (
        "its organisation paused it",
        "由機構暫停",
        "由机构暂停",
    ),
    "waiting_events": ("Waiting", "等候中", "等候中"),
    "deliveries": ("Deliveries", "送達記錄", "送达记录"),
    "event": ("Event", "事件", "事件"),
    "tries": ("Tries", "嘗試次數", "尝试次数"),
    "next_try": ("Next try", "下次嘗試", "下次尝试"),
    "happened": ("Happened", "發生時間", "发生时间"),
    "all_deliveries": ("All", "全部", "全部"),
    "no_delivery": ("No event fits.", "沒有符合的事件。", "没有符合的事件。"),
    "no_delivery_hint": (
        "Events are kept for 30 days at most; what is older is forgotten.",
        "事件最多保留 30 天,更早的已被清除。",
        "事件最多保留 30 天,更早的已被清除。",
    ),
    "send_again": ("Send again", "重新發送", "重新发送"),
    "send_all_given_up": (
        "Send again what was given up",
        "重新發送已放棄的事件",
        "重新发送已放弃的事件",
    ),
    "enable_endpoint": ("Enable again", "重新啟用", "重新启用"),
    "sent_again": (
        "It is sent again in a moment, under the same id.",
        "稍後將以同一編號重新發送。",
        "稍后将以同一编号重新发送。",
    ),
    "endpoint_enabled": (
        "The endpoint is enabled; what waited goes on in its order.",
        "接收端已啟用,等候的事件將按次序續發。",
        "接收端已启用,等候的事件将按次序续发。",
    ),
    "not_sent_again": (
        "Nothing was done: this page was shown to another session. Try again.",
        "未有執行:此頁屬於另一登入時段。請再試一次。",
        "未有执行:此页属于另一登录时段。请再试一次。",
    ),
    "attempts": ("Tries and what was answered", "每次嘗試與回應", "每次尝试与响应"),
    "no_attempt": ("Not tried yet.", "尚未嘗試。", "尚未尝试。"),
    "took": ("Took", "需時", "耗时"),
    "answered": ("Answer", "回應", "响应"),
    "nothing_said": ("nothing", "無", "无"),
    "back_to_webhooks": ("All endpoints", "所有接收端", "所有接收端"),
}
WEBHOOK_STATES: dict[str, Triple] = {
    "pending": ("waiting", "等候中", "等候中"),
    "delivered": ("delivered", "已送達", "已送达"),
    "given_up": ("given up", "已放棄", "已放弃"),
    "enabled": ("enabled", "啟用中", "启用中"),
    "disabled": ("disabled", "已停用", "已停用"),
}
WEBHOOK_OUTCOMES: dict[str, Triple] = {
    "DELIVERED": ("taken", "已接收", "已接收"),
    "GONE": ("takes nothing more", "不再接收", "不再接收"),
    "STATUS": ("refused", "被拒", "被拒"),
    "TIMEOUT": ("too slow", "逾時", "超时"),
    "ADDRESS_REFUSED": ("address not allowed", "地址不獲准許", "地址不被允许"),
    "NOT_RESOLVED": ("name not found", "找不到主機名稱", "找不到主机名称"),
    "NO_CONNECTION": ("no connection", "無法連線", "无法连接"),
    "ANSWER_UNREADABLE": ("answer not readable", "回應無法解讀", "响应无法读取"),
    "SECRET_UNREADABLE": ("not signed by us", "我方未能簽章", "我方未能签名"),
    "unknown": ("not known", "不明", "不明"),
}
