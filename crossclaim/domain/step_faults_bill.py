"""What can be wrong with a correction, a reopening or a cancellation, given where a bill stands."""

from __future__ import annotations

BILL_TEXTS: dict[str, tuple[str, str, str]] = {
    "CORRECTION_OF_WHAT": (
        "There is no final version {known} of this bill to correct; check the number and version.",
        "此帳單沒有可更正的第 {known} 版最終帳單，請核對號碼及版本。",
        "此账单没有可更正的第 {known} 版最终账单，请核对号码及版本。",
    ),
    "CORRECTION_OUTDATED": (
        "Version {known} ({kind}), sent by {who} and applied {at}, has taken the place of version"
        " {of}. Look at the difference, and correct version {known}.",
        "第 {known} 版（{kind}）由 {who} 提交並於 {at} 生效，已取代第 {of} 版。"
        "請查看差異，並更正第 {known} 版。",
        "第 {known} 版（{kind}）由 {who} 提交并于 {at} 生效，已取代第 {of} 版。"
        "请查看差异，并更正第 {known} 版。",
    ),
    "CORRECTION_NOT_OF_INTERIM": (
        "Only a final bill or its draft is a correction; send an interim one without it.",
        "只有最終帳單或其草稿可作更正；中期帳單請勿填寫此項。",
        "只有最终账单或其草稿可作更正；中期账单请勿填写此项。",
    ),
    "CORRECTION_CHANGES_FUNDERS": (
        "{member} says who pays, and this kind of correction does not change it; send a replacement"
        " instead.",
        "{member} 決定由誰支付，此類更正不可更改；請改為提交取代版本。",
        "{member} 决定由谁支付，此类更正不可更改；请改为提交取代版本。",
    ),
    "LATE_CHARGE_DROPS_LINE": (
        "A late charge only adds lines, and line {line} is missing; put it back as it was.",
        "補收費用只可增加項目，而第 {line} 項缺失；請照原樣補回。",
        "补收费用只可增加项目，而第 {line} 项缺失；请照原样补回。",
    ),
    "LATE_CHARGE_CHANGES_LINE": (
        "A late charge only adds lines, and line {line} is not as it was; leave it, or send a"
        " replacement.",
        "補收費用只可增加項目，而第 {line} 項與原來不同；請還原，或提交取代版本。",
        "补收费用只可增加项目，而第 {line} 项与原来不同；请还原，或提交取代版本。",
    ),
    "LATE_CHARGE_ADDS_NOTHING": (
        "A late charge adds a line, and this one adds none.",
        "補收費用須增加項目，而此版本並無增加。",
        "补收费用须增加项目，而此版本并无增加。",
    ),
    "CANCEL_ITEM_ADDS_LINE": (
        "Cancelling an item adds no line, and line {line} is new; send it as a late charge.",
        "取消項目不可增加項目，而第 {line} 項為新增；請以補收費用提交。",
        "取消项目不可增加项目，而第 {line} 项为新增；请以补收费用提交。",
    ),
    "CANCEL_ITEM_CHANGES_LINE": (
        "Cancelling an item makes a line smaller and changes nothing else; check line {line}.",
        "取消項目只可減少項目的數量或金額，不可更改其他內容；請核對第 {line} 項。",
        "取消项目只可减少项目的数量或金额，不可更改其他内容；请核对第 {line} 项。",
    ),
    "CANCEL_ITEM_TAKES_NOTHING": (
        "Cancelling an item takes a line off or makes it smaller, and this version does neither.",
        "取消項目須移除或減少某一項目，而此版本兩者皆無。",
        "取消项目须移除或减少某一项目，而此版本两者皆无。",
    ),
    "BILL_FUNDER_UNDECIDED": (
        "{funder} is working on version {known}; wait for its decision, then send this again.",
        "{funder} 正在處理第 {known} 版；請待其決定後再提交。",
        "{funder} 正在处理第 {known} 版；请待其决定后再提交。",
    ),
    "BILL_FUNDER_LOCKED": (
        "{funder} has confirmed its part of version {known} and takes no difference: cancel the"
        " settlement, then send the bill anew.",
        "{funder} 已確認其於第 {known} 版的部分，不接受差額：請先取消結算，再重新提交帳單。",
        "{funder} 已确认其于第 {known} 版的部分，不接受差额：请先取消结算，再重新提交账单。",
    ),
    "BILL_PAYMENT_ON_ITS_WAY": (
        "{amount} of this bill is on its way and unanswered; send this again once it has ended.",
        "此帳單有 {amount} 的款項正在處理；待其完成後再提交。",
        "此账单有 {amount} 的款项正在处理；待其完成后再提交。",
    ),
    "BILL_NOT_TO_REOPEN": (
        "{funder} has confirmed its part of this version, so it cannot go back to a draft: send a"
        " correction, or cancel the settlement.",
        "{funder} 已確認其於此版本的部分，不能退回草稿：請提交更正，或取消結算。",
        "{funder} 已确认其于此版本的部分，不能退回草稿：请提交更正，或取消结算。",
    ),
    "CLAW_BACK_UNKNOWN": (
        "No money to be given back waits under this reference; check it.",
        "沒有以此編號等候退還的款項，請核對。",
        "没有以此编号等候退还的款项，请核对。",
    ),
    "COVERAGE_THERE_ALREADY": (
        "The episode has this coverage already.",
        "本個案已有此項保障。",
        "本个案已有此项保障。",
    ),
}
