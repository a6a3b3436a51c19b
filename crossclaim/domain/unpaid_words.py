"""Why money is not there yet and who has to do what, for everything an episode can wait for."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

WHY: dict[str, tuple[Triple, Triple]] = {
    "HELD": (
        ("the episode is held", "個案已暫停", "个案已暂停"),
        (
            "whoever holds it has to release it, or the hold's time has to end",
            "須由暫停者解除，或待期限屆滿",
            "须由暂停者解除，或待期限届满",
        ),
    ),
    "CANCELLATION": (
        ("the episode is cancelled", "個案已取消", "个案已取消"),
        (
            "nobody: what is out is on its way back",
            "毋須辦理：正收回已付出的款項",
            "毋须办理：正收回已付出的款项",
        ),
    ),
    "HEALTH_RECORDS": (
        ("a record system has not answered", "病歷系統尚未回覆", "病历系统尚未回复"),
        ("the record system has to answer", "須由病歷系統回覆", "须由病历系统回复"),
    ),
    "HAND_OVER": (
        (
            "{hospital} has not recorded that the patient was handed over",
            "{hospital}尚未記錄病人交接",
            "{hospital}尚未记录病人交接",
        ),
        ("{hospital} has to record it", "須由{hospital}記錄", "须由{hospital}记录"),
    ),
    "TRANSFER_CONSENT": (
        (
            "a consent for the record of a hand-over is missing",
            "缺少交接紀錄所需的同意",
            "缺少交接记录所需的同意",
        ),
        ("the patient has to sign it", "須由病人簽署", "须由病人签署"),
    ),
    "BANK_TO_BE_APPROVED": (
        ("the payout has not been released", "付款尚未獲放行", "付款尚未获放行"),
        (
            "a second person of {insurer} has to release or refuse it",
            "須由{insurer}的第二人放行或拒絕",
            "须由{insurer}的第二人放行或拒绝",
        ),
    ),
    "PAYOUT_CANCELLED": (
        ("the payout was cancelled", "付款已取消", "付款已取消"),
        (
            "{insurer} has to propose an account and have a second person approve it, if the money "
            "is still owed",
            "如款項仍須支付,須由{insurer}提出帳戶並由第二人批准",
            "如款项仍须支付,须由{insurer}提出账户并由第二人批准",
        ),
    ),
    "INSURER_APPEAL": (
        ("an appeal is not decided", "上訴尚未裁定", "上诉尚未裁定"),
        ("{insurer}'s reviewer has to decide it", "須由{insurer}覆核裁定", "须由{insurer}复核裁定"),
    ),
    "INSURER_EXAMINER": (
        ("the claim waits for an examiner", "索償有待審核", "索偿有待审核"),
        (
            "{insurer}'s examiner has to decide it",
            "須由{insurer}的理賠審核員決定",
            "须由{insurer}的理赔审核员决定",
        ),
    ),
    "INSURER_GUARANTEE": (
        (
            "the letter of guarantee is not answered",
            "擔保函尚未獲答覆",
            "担保函尚未获答复",
        ),
        ("{insurer} has to answer", "須由{insurer}答覆", "须由{insurer}答复"),
    ),
    "INSURER_DECISION": (
        ("the claim is not decided", "索償尚未有決定", "索偿尚未有决定"),
        ("{insurer} has to decide it", "須由{insurer}決定", "须由{insurer}决定"),
    ),
    "BANK_RESERVED": (
        (
            "the payment order has not gone to {bank} yet",
            "付款指示尚未交予{bank}",
            "付款指示尚未交予{bank}",
        ),
        ("Crossclaim hands it over by itself", "由系統自行交付", "由系统自行交付"),
    ),
    "BANK_SENT": (
        (
            "{bank} has not answered the payment order",
            "{bank}尚未回覆付款指示",
            "{bank}尚未回复付款指示",
        ),
        ("{bank} has to answer", "須由{bank}回覆", "须由{bank}回复"),
    ),
    "BANK_ACCEPTED": (
        (
            "{bank} has taken the order and not proved that the account was credited",
            "{bank}已接納指示,尚未證明已入帳",
            "{bank}已接纳指示,尚未证明已入账",
        ),
        ("{bank} has to send the proof", "須由{bank}提供證明", "须由{bank}提供证明"),
    ),
    "BANK_UNKNOWN": (
        (
            "it is unknown whether {bank} has paid",
            "未能確定{bank}是否已付款",
            "未能确定{bank}是否已付款",
        ),
        (
            "{bank} has to say so before anything is sent again",
            "須由{bank}說明,之前不會再次發送",
            "须由{bank}说明,之前不会再次发送",
        ),
    ),
    "BANK_AGAIN": (
        (
            "{bank} refused the payout for a passing reason",
            "{bank}因暫時原因拒絕付款",
            "{bank}因暂时原因拒绝付款",
        ),
        ("Crossclaim sends it again by itself", "系統會自動再次發送", "系统会自动再次发送"),
    ),
    "PERSON_CLAIM": (
        ("a claim stands still", "一項索償已停止", "一项索偿已停止"),
        (
            "a person at {hospital} has to put it right",
            "須由{hospital}的人員更正",
            "须由{hospital}的人员更正",
        ),
    ),
    "PAYEE_ACCOUNT": (
        (
            "the payee's account did not take the money",
            "收款人帳戶未能收款",
            "收款人账户未能收款",
        ),
        (
            "one person has to propose another account and a second one to approve it",
            "須由一人提出另一帳戶,並由第二人批准",
            "须由一人提出另一账户,并由第二人批准",
        ),
    ),
    "HOSPITAL_ADMISSION": (
        ("the admission is not reported", "尚未報告入院", "尚未报告入院"),
        ("{hospital} has to report it", "須由{hospital}報告", "须由{hospital}报告"),
    ),
    "HOSPITAL_FINAL_BILL": (
        ("there is no final bill", "尚無最終帳單", "尚无最终账单"),
        ("{hospital} has to send it", "須由{hospital}提交", "须由{hospital}提交"),
    ),
    "HOSPITAL_DISCHARGE": (
        ("the discharge is not reported", "尚未報告出院", "尚未报告出院"),
        ("{hospital} has to report it", "須由{hospital}報告", "须由{hospital}报告"),
    ),
    "PATIENT_PAYMENT": (
        (
            "the patient's own part of {amount} is not paid",
            "病人自付的{amount}尚未支付",
            "病人自付的{amount}尚未支付",
        ),
        ("the patient has to pay it", "須由病人支付", "须由病人支付"),
    ),
    "PATIENT_VOUCHER_CONSENT": (
        (
            "the use of vouchers is not signed for",
            "尚未簽署使用醫療券",
            "尚未签署使用医疗券",
        ),
        ("the patient has to sign", "須由病人簽署", "须由病人签署"),
    ),
    "PROVIDER_CONFIRMATION": (
        ("the voucher claim is not confirmed", "醫療券申報尚未確認", "医疗券申报尚未确认"),
        (
            "the provider at {hospital} has to confirm it",
            "須由{hospital}的服務提供者確認",
            "须由{hospital}的服务提供者确认",
        ),
    ),
    "VOUCHER_VALIDATION": (
        (
            "the voucher account is not validated",
            "醫療券戶口尚未核實",
            "医疗券户口尚未核实",
        ),
        (
            "the Department of Health has to validate it",
            "須由衛生署核實",
            "须由卫生署核实",
        ),
    ),
    "PAYER_CONFIRMATION": (
        (
            "nobody has chosen Huimin payment for the bill",
            "尚未為帳單選用惠民付款",
            "尚未为账单选用惠民付款",
        ),
        ("the payer has to choose it", "須由付款人選用", "须由付款人选用"),
    ),
    "ACQUIRER_PAYMENT": (
        (
            "it is not known yet whether the patient's payment was taken",
            "尚未知道病人的付款是否成功",
            "尚未知道病人的付款是否成功",
        ),
        ("the acquirer has to answer", "須由收單機構回覆", "须由收单机构回复"),
    ),
    "ACQUIRER_REFUND": (
        ("a refund is on its way", "退款正在處理", "退款正在处理"),
        ("the acquirer has to give it back", "須由收單機構退回", "须由收单机构退回"),
    ),
    "CASHIER_REFUND": (
        ("a refund is not given back", "退款尚未退回", "退款尚未退回"),
        (
            "{hospital}'s cashier has to give it back and confirm it",
            "須由{hospital}收費處退回並確認",
            "须由{hospital}收费处退回并确认",
        ),
    ),
    "STEP": (
        ("a step of the system is under way", "系統正在處理", "系统正在处理"),
        ("Crossclaim goes on by itself", "系統會自行繼續", "系统会自行继续"),
    ),
    "NEWS": (
        ("nothing more has come in", "未有新的資料", "未有新的资料"),
        (
            "{hospital} and the funders have to send what is next",
            "須由{hospital}及付款方提交下一步資料",
            "须由{hospital}及付款方提交下一步资料",
        ),
    ),
    "BUREAU_SETTLEMENT": (
        (
            "the healthcare security bureau's answer cannot be true",
            "醫保局的回覆不可能屬實",
            "医保局的回复不可能属实",
        ),
        (
            "Crossclaim reverses the settlement and sends it again by itself",
            "系統會自行沖正後再次發送",
            "系统会自行冲正后再次发送",
        ),
    ),
    "BUREAU_DISCHARGE": (
        (
            "the healthcare security bureau has not taken the discharge",
            "醫保局未接納出院登記",
            "医保局未接纳出院登记",
        ),
        (
            "a person at {hospital} has to put the stay right with the bureau",
            "須由{hospital}的人員與醫保局更正住院紀錄",
            "须由{hospital}的人员与医保局更正住院记录",
        ),
    ),
    "PAYEE_CLAW_BACK": (
        (
            "money that has to go back is not with its insurer",
            "應退回的款項尚未到保險公司",
            "应退回的款项尚未到保险公司",
        ),
        (
            "the payee has to give it back and the insurer to confirm it",
            "須由收款人退回並由保險公司確認",
            "须由收款人退回并由保险公司确认",
        ),
    ),
    "PATIENT_NEW_CONSENT": (
        (
            "the claim on {insurer} is suspended since a consent was withdrawn",
            "因同意已撤回,向{insurer}的索償暫停",
            "因同意已撤回,向{insurer}的索偿暂停",
        ),
        (
            "the patient has to sign a new consent, else the claim ends",
            "須由病人簽署新的同意,否則索償終止",
            "须由病人签署新的同意,否则索偿终止",
        ),
    ),
    "HOSPITAL_DOCUMENTS": (
        (
            "documents that {insurer} asked for have not come",
            "{insurer}要求的文件尚未收到",
            "{insurer}要求的文件尚未收到",
        ),
        ("{hospital} has to send them", "須由{hospital}提交", "须由{hospital}提交"),
    ),
    "PATIENT_DOCUMENTS": (
        (
            "documents that {insurer} asked for have not come",
            "{insurer}要求的文件尚未收到",
            "{insurer}要求的文件尚未收到",
        ),
        ("the patient has to send them", "須由病人提交", "须由病人提交"),
    ),
}
"""Code of a wait → why nothing is paid meanwhile, and who has to do what."""

NOT_PAID: Triple = (
    "{what} is not paid yet: {why}; {do}.",
    "{what}尚未支付:{why};{do}。",
    "{what}尚未支付:{why};{do}。",
)
ONLY_EXPECTED: Triple = (
    "{what} is expected and not paid yet: {why}; {do}.",
    "預計{what}尚未支付:{why};{do}。",
    "预计{what}尚未支付:{why};{do}。",
)
NOTHING_OWED_YET: Triple = (
    "Nobody is owed a payout yet: {why}; {do}.",
    "目前沒有應付款項:{why};{do}。",
    "目前没有应付款项:{why};{do}。",
)
ALL_PAID: Triple = (
    "Everything that is owed has been paid: {what}.",
    "所有應付款項均已支付:{what}。",
    "所有应付款项均已支付:{what}。",
)
NOTHING_TO_PAY: Triple = (
    "There is nothing to pay out in this episode.",
    "本個案沒有須支付的款項。",
    "本个案没有须支付的款项。",
)
DENIED: Triple = (
    "Nothing is paid: {insurer} pays nothing on the claim; it can be appealed with the missing "
    "papers, else the bill stays with the patient.",
    "沒有付款:{insurer}就索償不作賠付;可補交文件上訴,否則由病人承擔。",
    "没有付款:{insurer}就索偿不作赔付;可补交文件上诉,否则由病人承担。",
)
OF_AN_EXCEPTION: Triple = (
    "{why} (open: {what})",
    "{why}(未結事項:{what})",
    "{why}(未结事项:{what})",
)
TO_DO_NOW: Triple = ("what to do: {do}", "處理方法:{do}", "处理方法:{do}")
BY: Triple = ("{do} by {due}", "{do},限期{due}", "{do},限期{due}")
WAS_DUE: Triple = (
    "{do}; it was due at {due}",
    "{do};限期{due}已過",
    "{do};限期{due}已过",
)
FROM_TO: Triple = (
    "{amount} from {funder} to {payee}",
    "{funder}應付{payee}的{amount}",
    "{funder}应付{payee}的{amount}",
)
PAID_TO: Triple = (
    "{amount} to {payee}, {on}",
    "{amount}付予{payee}({on})",
    "{amount}付予{payee}({on})",
)
REFUND_TO: Triple = (
    "a refund of {amount} to the patient",
    "應退回病人的{amount}",
    "应退回病人的{amount}",
)
THE_PATIENT: Triple = ("the patient", "病人", "病人")
