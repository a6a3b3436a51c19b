"""What a story says of withdrawn consents: lines, words, exceptions and the wait for a new one."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "withdrawal_ended": (
        "The patient withdrew {consent} before a claim was sent to {insurer}: its guarantee and "
        "its part of the bill end, the patient is billed for it.",
        "病人在向{insurer}提交索償前撤回{consent}:其擔保及所承擔的部分終止,改由病人支付。",
        "病人在向{insurer}提交索偿前撤回{consent}:其担保及所承担的部分终止,改由病人支付。",
    ),
    "withdrawal_suspended": (
        "The patient withdrew {consent} before {insurer} decided: the claim is suspended through "
        "{until} and waits for a new consent.",
        "病人在{insurer}作出決定前撤回{consent}:索償暫停至{until}(包括該日),等待新的同意。",
        "病人在{insurer}作出决定前撤回{consent}:索偿暂停至{until}(包括该日),等待新的同意。",
    ),
    "withdrawal_payment_goes_on": (
        "The patient withdrew {consent} after {insurer} had approved: {pay} is still paid, with "
        "account data and no medical data; the patient's part is {patient}.",
        "病人在{insurer}批准後撤回{consent}:仍支付{pay},只使用帳戶資料而不使用醫療資料;病人部分為{patient}。",
        "病人在{insurer}批准后撤回{consent}:仍支付{pay},只使用账户资料而不使用医疗资料;病人部分为{patient}。",
    ),
    "withdrawal_access_closed": (
        "The patient withdrew {consent} after {insurer} had paid: no amount changes, and its "
        "access is closed.",
        "病人在{insurer}付款後撤回{consent}:各項金額不變,其查閱權限關閉。",
        "病人在{insurer}付款后撤回{consent}:各项金额不变,其查阅权限关闭。",
    ),
    "withdrawal_resumed": (
        "A new consent came in time: the claim on {insurer} goes on.",
        "在期限內獲新的同意:對{insurer}的索償繼續。",
        "在期限内获新的同意:对{insurer}的索偿继续。",
    ),
    "withdrawal_over": (
        "No new consent came in time: the claim on {insurer} ends and the patient is billed "
        "{patient}.",
        "期限內未獲新的同意:對{insurer}的索償終止,向病人收取{patient}。",
        "期限内未获新的同意:对{insurer}的索偿终止,向病人收取{patient}。",
    ),
    "guarantee_cancelled": (
        "The guarantee of {insurer} was cancelled: its reserved money is free.",
        "{insurer}的擔保已取消:預留款項已釋放。",
        "{insurer}的担保已取消:预留款项已释放。",
    ),
    "closed_consent_withdrawn": (
        "The episode is closed, its consent withdrawn: what was sent before is only stored.",
        "個案因撤回同意而結束:撤回前已傳送的資料只作儲存。",
        "个案因撤回同意而结束:撤回前已传送的资料只作储存。",
    ),
    "record_emergency": (
        "{hospital} asked {system} for records in an emergency, without the consent; the reason "
        "is on record.",
        "{hospital}因緊急情況,在未有同意下向{system}要求紀錄;原因已記錄。",
        "{hospital}因紧急情况,在未有同意下向{system}要求记录;原因已记录。",
    ),
}
STEPS: dict[str, Triple] = {
    "end_suspension": ("end a claim's suspension", "結束索償的暫停", "结束索偿的暂停"),
    "cancel_guarantee": ("cancel the guarantee", "取消擔保", "取消担保"),
    "tell_withdrawal": (
        "tell the insurer to stop or go on with a claim",
        "通知保險公司停止或繼續處理索償",
        "通知保险公司停止或继续处理索偿",
    ),
}
THINGS: dict[str, Triple] = {
    "suspend": ("a stop of work on the claim", "暫停處理索償", "暂停处理索偿"),
    "resume": ("work on the claim to go on", "繼續處理索償", "继续处理索偿"),
    "cancel": (
        "the request to be taken back, by its reference alone",
        "撤回有關申請(只提供編號)",
        "撤回有关申请(只提供编号)",
    ),
}
CODES: dict[str, Triple] = {
    "CONSENT_WITHDRAWN": (
        "the consent to send data to the insurer was withdrawn",
        "向保險公司提供資料的同意已撤回",
        "向保险公司提供资料的同意已撤回",
    ),
    "STOP_REFUSED": ("the insurer does not stop", "保險公司拒絕停止", "保险公司拒绝停止"),
    "STOP_PENDING": (
        "the stop is still being worked on",
        "停止要求仍在處理",
        "停止要求仍在处理",
    ),
}
EXCEPTIONS: dict[str, Triple] = {
    "DECISION_WHILE_SUSPENDED": (
        "an insurer decided on a claim that a withdrawn consent suspends; the decision is kept "
        "and nothing is paid",
        "保險公司就因撤回同意而暫停的索償作出決定;決定已保存,並無支付任何款項",
        "保险公司就因撤回同意而暂停的索偿作出决定;决定已保存,并无支付任何款项",
    ),
    "DECISION_AFTER_WITHDRAWAL": (
        "an insurer decided on a claim that a withdrawn consent had ended; nothing was changed",
        "保險公司就因撤回同意而終止的索償作出決定;並無更改任何款項",
        "保险公司就因撤回同意而终止的索偿作出决定;并无更改任何款项",
    ),
    "WITHDRAWAL_NOTICE_REFUSED": (
        "an insurer did not take the word that a claim stops or goes on",
        "保險公司未接納停止或繼續處理索償的通知",
        "保险公司未接纳停止或继续处理索偿的通知",
    ),
    "WITHDRAWAL_NEEDS_PERSON": (
        "what a withdrawn consent does to an insurer's part is for a person to decide",
        "撤回同意對保險公司部分的影響須由人員決定",
        "撤回同意对保险公司部分的影响须由人员决定",
    ),
}
WAITING: dict[str, Triple] = {
    "PATIENT_NEW_CONSENT": (
        "The claim on {insurer} is suspended and waits for a new consent of the patient.",
        "對{insurer}的索償已暫停,等待病人重新給予同意。",
        "对{insurer}的索偿已暂停,等待病人重新给予同意。",
    ),
}
TO_DO: dict[str, Triple] = {
    "DECISION_WHILE_SUSPENDED": (
        "Ask the patient for a new consent; with one the insurer is asked again by itself.",
        "詢問病人是否重新給予同意;獲同意後會自動再向保險公司查詢。",
        "询问病人是否重新给予同意;获同意后会自动再向保险公司查询。",
    ),
    "DECISION_AFTER_WITHDRAWAL": (
        "Tell the insurer that the claim has ended; the patient may claim with his papers.",
        "告知保險公司該索償已終止;病人可自行憑單據索償。",
        "告知保险公司该索偿已终止;病人可自行凭单据索偿。",
    ),
    "WITHDRAWAL_NOTICE_REFUSED": (
        "Call the insurer: it must stop, or go on with, the claim of this reference.",
        "致電保險公司:須就此編號的索償停止或繼續處理。",
        "致电保险公司:须就此编号的索偿停止或继续处理。",
    ),
    "WITHDRAWAL_NEEDS_PERSON": (
        "Decide with the hospital who pays the insurer's part; nothing is sent to it meanwhile.",
        "與醫院商定保險公司部分由誰支付;其間不會向其傳送任何資料。",
        "与医院商定保险公司部分由谁支付;其间不会向其传送任何资料。",
    ),
}
