"""Sentences of the faults of webhook endpoints; see ``fault_sentences``."""

from __future__ import annotations

WEBHOOK_TEXTS: dict[str, tuple[str, str, str]] = {
    "WEBHOOK_URL_FORM": (
        "This is not an address that a webhook can be sent to; give https, a name and a path.",
        "此並非可接收 webhook 的網址，請提供 https、主機名稱及路徑。",
        "此并非可接收 webhook 的网址，请提供 https、主机名称及路径。",
    ),
    "WEBHOOK_URL_USERINFO": (
        "The address holds a user or password; a webhook is proved by its signature.",
        "網址含有使用者名稱或密碼；webhook 以簽署證明來源。",
        "网址含有用户名或密码；webhook 以签名证明来源。",
    ),
    "WEBHOOK_URL_NOT_HTTPS": (
        "A webhook is sent over https only.",
        "webhook 只經 https 傳送。",
        "webhook 只经 https 传送。",
    ),
    "WEBHOOK_URL_PRIVATE": (
        "The address is not on the public internet.",
        "此網址不在公共互聯網上。",
        "此网址不在公共互联网上。",
    ),
    "WEBHOOK_REPLAY_TIME": (
        "The time ends before it begins.",
        "時段的結束早於開始。",
        "时段的结束早于开始。",
    ),
    "WEBHOOK_TOO_MANY": (
        "An organisation has at most {most} endpoints; end one first.",
        "每間機構最多可登記 {most} 個接收網址，請先結束其中一個。",
        "每家机构最多可登记 {most} 个接收网址，请先结束其中一个。",
    ),
}
