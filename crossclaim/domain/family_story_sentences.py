"""What the story of a family binding says, in the three languages, by the real names of things."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

CHANNELS: dict[str, Triple] = {
    "wechat": (
        "the WeChat mini-programme Yue Yibao (family account binding)",
        "微信小程序「粵醫保」(親情賬號綁定/解綁)",
        "微信小程序“粤医保”(亲情账号绑定/解绑)",
    ),
    "alipay": (
        "Yue Yibao in Alipay (family account binding)",
        "支付寶「粵醫保」(業務辦理、親情賬號綁定)",
        "支付宝“粤医保”(业务办理、亲情账号绑定)",
    ),
}

EVENTS: dict[str, Triple] = {
    "applied": (
        "Family sharing was applied for through {channel}, application {number}; the user is the"
        " authoriser's {relation}.",
        "經{channel}申請家庭共濟，申請編號 {number}；使用人為授權人的{relation}。",
        "经{channel}申请家庭共济，申请编号 {number}；使用人为授权人的{relation}。",
    ),
    "replaces": (
        "It follows the refused application {replaces}.",
        "此申請承接已被拒絕的申請 {replaces}。",
        "此申请承接已被拒绝的申请 {replaces}。",
    ),
    "taken": (
        "The city's medical insurance office has the application and reviews it.",
        "地市醫保經辦機構已收件，正在審核。",
        "地市医保经办机构已收件，正在审核。",
    ),
    "approved": (
        "The office approved it: the personal account may be shared from {bound_on} on.",
        "經辦機構審核通過：自 {bound_on} 起可共濟使用個人賬戶。",
        "经办机构审核通过：自 {bound_on} 起可共济使用个人账户。",
    ),
    "refused": (
        "The office refused it: {reason}. A new application may be made.",
        "經辦機構不予通過：{reason}。可重新申請。",
        "经办机构不予通过：{reason}。可重新申请。",
    ),
    "unbind_asked": (
        "The family ended it: the account pays nothing from {ended_on} on.",
        "家庭成員已解綁：自 {ended_on} 起該賬戶不再支付。",
        "家庭成员已解绑：自 {ended_on} 起该账户不再支付。",
    ),
    "withdrawn": (
        "The family withdrew it on {ended_on}, before the office had decided.",
        "家庭成員於 {ended_on} 在審核完成前撤回申請。",
        "家庭成员于 {ended_on} 在审核完成前撤回申请。",
    ),
    "ended_there": (
        "The office ended it: the account pays nothing from {ended_on} on.",
        "經辦機構已解除共濟關係：自 {ended_on} 起該賬戶不再支付。",
        "经办机构已解除共济关系：自 {ended_on} 起该账户不再支付。",
    ),
    "told": (
        "The office knows that it has ended.",
        "經辦機構已知悉解綁。",
        "经办机构已知悉解绑。",
    ),
}

CALLS: dict[str, Triple] = {
    "apply": (
        "sending the application",
        "提交申請",
        "提交申请",
    ),
    "ask": ("asking how it stands", "查詢進度", "查询进度"),
    "end": ("telling the office of the end", "通知解綁", "通知解绑"),
}

OUTCOMES: dict[str, Triple] = {
    "answered": (
        "{call}: the office answered.",
        "{call}：經辦機構已回覆。",
        "{call}：经办机构已回复。",
    ),
    "unknown": (
        "{call}: the answer was lost; the office is asked before anything is sent again.",
        "{call}：回覆遺失；再次發送前會先查詢。",
        "{call}：回复丢失；再次发送前会先查询。",
    ),
    "not_taken": (
        "{call}: the office could not be reached; it is tried again.",
        "{call}：未能連接經辦機構，將再嘗試。",
        "{call}：未能连接经办机构，将再尝试。",
    ),
    "refused": (
        "{call}: the office did not take it ({code}).",
        "{call}：經辦機構不受理（{code}）。",
        "{call}：经办机构不受理（{code}）。",
    ),
    "": (
        "{call}: begun, and no answer is recorded.",
        "{call}：已開始，未有回覆記錄。",
        "{call}：已开始，未有回复记录。",
    ),
}

USES: dict[str, Triple] = {
    "taken_from_account": (
        "A bill of the relative's is paid with {amount} from the shared account.",
        "使用人的一張帳單由共濟賬戶支付{amount}。",
        "使用人的一张账单由共济账户支付{amount}。",
    ),
    "given_back": (
        "{amount} went back to the shared account: the bill was taken back or split anew.",
        "{amount}已退回共濟賬戶：帳單已撤銷或重新分攤。",
        "{amount}已退回共济账户：账单已撤销或重新分摊。",
    ),
}

EXCEPTIONS: dict[str, Triple] = {
    "OFFICE_CONTRADICTS_ITSELF": (
        "The office said something else than before; the first word stands and a person must ask.",
        "經辦機構前後說法不一；以先前為準，須由人員查詢。",
        "经办机构前后说法不一；以先前为准，须由人员查询。",
    ),
    "DECIDED_AFTER_UNBINDING": (
        "The office approved after the family had ended it; it stays ended and the office is told.",
        "解綁後經辦機構才審核通過；維持解綁並再次通知。",
        "解绑后经办机构才审核通过；维持解绑并再次通知。",
    ),
    "ANSWER_NOT_USABLE": (
        "An answer of the office makes no sense and changed nothing; a person must look.",
        "經辦機構的回覆無法採用，未有任何更改；須由人員跟進。",
        "经办机构的回复无法采用，未有任何更改；须由人员跟进。",
    ),
    "APPLICATION_NOT_FOUND_THERE": (
        "The office does not find the application that it had taken; a person must ask.",
        "經辦機構找不到已收的申請；須由人員查詢。",
        "经办机构找不到已收的申请；须由人员查询。",
    ),
    "APPLICATION_NOT_TAKEN": (
        "The office does not take the application; a person must look.",
        "經辦機構不受理該申請；須由人員跟進。",
        "经办机构不受理该申请；须由人员跟进。",
    ),
    "END_NOT_TAKEN": (
        "The office does not take the end; here it has ended, and a person must ask.",
        "經辦機構不受理解綁；本系統已解綁，須由人員查詢。",
        "经办机构不受理解绑；本系统已解绑，须由人员查询。",
    ),
    "STEP_FAILED": (
        "A step could not be taken; it is tried again and a person must look.",
        "某步驟未能完成，將再嘗試；須由人員跟進。",
        "某步骤未能完成，将再尝试；须由人员跟进。",
    ),
    "SUBMISSION_NOT_APPLIED": (
        "A message could not be applied; a person must look.",
        "某項提交未能處理；須由人員跟進。",
        "某项提交未能处理；须由人员跟进。",
    ),
}

WAITS: dict[str, Triple] = {
    "OFFICE_RECEIPT": (
        "Waiting until the office takes the application.",
        "等待經辦機構收件。",
        "等待经办机构收件。",
    ),
    "OFFICE_REVIEW": (
        "Waiting for the office's review.",
        "等待經辦機構審核。",
        "等待经办机构审核。",
    ),
    "END_OF_SHARING": (
        "In force until one of the two, or the office, ends it.",
        "現正生效，直至任何一方或經辦機構解除。",
        "现正生效，直至任何一方或经办机构解除。",
    ),
    "OFFICE_END": (
        "Ended; waiting until the office knows it.",
        "已解綁，等待經辦機構確認。",
        "已解绑，等待经办机构确认。",
    ),
    "": ("Nothing is open.", "沒有待辦事項。", "没有待办事项。"),
}
