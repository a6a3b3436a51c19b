"""What a person has to do about payments through an acquirer and refunds; see ``story_to_do``."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

TENDERS_TO_DO: dict[str, Triple] = {
    "PAYMENT_UNKNOWN": (
        "Do not take the payment again; ask the acquirer about it, which is also asked by itself.",
        "切勿再次收款;請向收單機構查詢,系統亦會自動查詢。",
        "切勿再次收款;请向收单机构查询,系统亦会自动查询。",
    ),
    "PAYMENT_ANSWER_DIFFERS": (
        "Report the kept answer to the acquirer; the payment is looked for again by itself.",
        "向收單機構通報已存檔的答覆;系統會自動再次查詢付款。",
        "向收单机构通报已存档的答复;系统会自动再次查询付款。",
    ),
    "REFUND_ANSWER_DIFFERS": (
        "Report the kept answer to the acquirer; the refund is looked for again by itself.",
        "向收單機構通報已存檔的答覆;系統會自動再次查詢退款。",
        "向收单机构通报已存档的答复;系统会自动再次查询退款。",
    ),
    "REFUND_NOT_TAKEN": (
        "Ask the acquirer why it takes no call; the refund is tried again by itself.",
        "向收單機構查詢拒收原因;系統會自動再次退款。",
        "向收单机构查询拒收原因;系统会自动再次退款。",
    ),
    "REFUND_LATE": (
        "Ask the acquirer when the money is back, and tell the patient.",
        "向收單機構查詢退款時間,並告知病人。",
        "向收单机构查询退款时间,并告知病人。",
    ),
    "TENDER_REFUND_REFUSED": (
        "The cashier gives the money back by hand and confirms it with the receipt's number.",
        "由收費處人手退款,並以收據編號確認。",
        "由收费处人手退款,并以收据编号确认。",
    ),
    "ACQUIRER_DAY_DIFFERS": (
        "Compare the payment with the acquirer's statement; a second payment goes back by itself.",
        "將付款與收單機構的對帳單核對;重複支付的款項會自動退回。",
        "将付款与收单机构的对账单核对;重复支付的款项会自动退回。",
    ),
}
