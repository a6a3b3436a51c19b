"""What a story says of information requests, and what their documents are called."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "information_asked": (
        "{insurer} asked {asked} for {documents} (request {number}), until {due_at}; the clock of "
        "claim {reference} stands still, and nothing is decided meanwhile.",
        "{insurer}向{asked}索取{documents}(請求{number}),期限{due_at};"
        "索償{reference}的計時暫停,其間不作決定。",
        "{insurer}向{asked}索取{documents}(请求{number}),期限{due_at};"
        "索偿{reference}的计时暂停,其间不作决定。",
    ),
    "letter_information_asked": (
        "{insurer} asked {asked} for {documents} (request {number}), until {due_at}; the clock of "
        "guarantee request {reference} stands still until then.",
        "{insurer}向{asked}索取{documents}(請求{number}),期限{due_at};"
        "擔保要求{reference}的計時在此期間暫停。",
        "{insurer}向{asked}索取{documents}(请求{number}),期限{due_at};"
        "担保要求{reference}的计时在此期间暂停。",
    ),
    "letter_information_answered": (
        "All of request {number} has been answered; the clock of guarantee request {reference} "
        "runs again.",
        "請求{number}已全部答覆;擔保要求{reference}恢復計時。",
        "请求{number}已全部答复;担保要求{reference}恢复计时。",
    ),
    "letter_information_withdrawn": (
        "{insurer} withdrew request {number}; the clock of guarantee request {reference} runs "
        "again.",
        "{insurer}撤回請求{number};擔保要求{reference}恢復計時。",
        "{insurer}撤回请求{number};担保要求{reference}恢复计时。",
    ),
    "letter_information_ended": (
        "Request {number} has ended with guarantee request {reference}, which waits for no document"
        " any more.",
        "請求{number}隨擔保要求{reference}結束,毋須再提交文件。",
        "请求{number}随担保要求{reference}结束,毋须再提交文件。",
    ),
    "information_received": (
        "Request {number}: {document} came, {by}.",
        "請求{number}:{document}已收到,{by}。",
        "请求{number}:{document}已收到,{by}。",
    ),
    "information_not_had": (
        "Request {number}: {document} cannot be had ({reason}), {by}.",
        "請求{number}:{document}未能提供({reason}),{by}。",
        "请求{number}:{document}未能提供({reason}),{by}。",
    ),
    "information_reminded": (
        "A reminder of request {number} to {asked}: still missing until {due_at} is {missing}.",
        "已提醒{asked}請求{number}:尚欠{missing},期限{due_at}。",
        "已提醒{asked}请求{number}:尚欠{missing},期限{due_at}。",
    ),
    "information_overdue": (
        "The due time of request {number} has passed; a person was told, and nothing was denied.",
        "請求{number}已逾期;已通知人員處理,並無拒賠。",
        "请求{number}已逾期;已通知人员处理,并无拒赔。",
    ),
    "information_extended": (
        "{insurer} gave more time for request {number}: until {due_at}.",
        "{insurer}將請求{number}的期限延至{due_at}。",
        "{insurer}将请求{number}的期限延至{due_at}。",
    ),
    "information_answered": (
        "All of request {number} has been answered; the clock of claim {reference} runs again.",
        "請求{number}已全部答覆;索償{reference}恢復計時。",
        "请求{number}已全部答复;索偿{reference}恢复计时。",
    ),
    "information_withdrawn": (
        "{insurer} withdrew request {number}; the clock of claim {reference} runs again.",
        "{insurer}撤回請求{number};索償{reference}恢復計時。",
        "{insurer}撤回请求{number};索偿{reference}恢复计时。",
    ),
    "information_ended": (
        "Request {number} has ended with claim {reference}, which waits for no document any more.",
        "請求{number}隨索償{reference}結束,毋須再提交文件。",
        "请求{number}随索偿{reference}结束,毋须再提交文件。",
    ),
    "information_decided_without": (
        "{insurer}'s examiner decided on claim {reference} without {missing}, which request "
        "{number} had asked for; why stands with the decision.",
        "{insurer}的審核員就索償{reference}作出決定,未等候請求{number}所需的{missing};原因載於該決定。",
        "{insurer}的审核员就索偿{reference}作出决定,未等候请求{number}所需的{missing};原因载于该决定。",
    ),
}

DOCUMENTS: dict[str, Triple] = {
    "itemised_bill": ("the itemised bill", "費用明細清單", "费用明细清单"),
    "ebill": ("the electronic bill", "電子票據", "电子票据"),
    "receipt": ("the receipt", "收據", "收据"),
    "discharge_summary": ("the discharge summary", "出院小結", "出院小结"),
    "medical_report": ("the medical report", "醫療報告", "医疗报告"),
    "test_report": ("the test report", "檢查報告", "检查报告"),
    "prescription": ("the prescription", "處方", "处方"),
    "operation_record": ("the record of the operation", "手術紀錄", "手术记录"),
    "referral": ("the referral", "轉介信", "转介信"),
    "claim_form": ("the claim form", "索償表格", "索偿表格"),
    "other": ("another document", "其他文件", "其他文件"),
}
ABOUT_LINE: Triple = (
    "{document} about line {line}",
    "第{line}項的{document}",
    "第{line}项的{document}",
)
ABOUT_PAPER: Triple = (
    "{document} about paper {paper}",
    "單據{paper}的{document}",
    "单据{paper}的{document}",
)
ABOUT_BOTH: Triple = (
    "{document} about line {line} (paper {paper})",
    "單據{paper}第{line}項的{document}",
    "单据{paper}第{line}项的{document}",
)
BY_LINK: Triple = ("by the upload link", "經上載連結", "经上传链接")
BY_KEY: Triple = ("from a party's own system", "由機構系統提交", "由机构系统提交")
REASONS: dict[str, Triple] = {
    "never_issued": ("it was never issued", "從未開具", "从未开具"),
    "lost": ("it is lost", "已遺失", "已遗失"),
    "issuer_refuses": ("its issuer refuses it", "開具方拒絕提供", "开具方拒绝提供"),
    "retention_over": ("it is kept no longer", "已過保存期", "已过保存期"),
    "other": ("another reason", "其他原因", "其他原因"),
}
KINDS: dict[str, Triple] = {
    "request_information": ("an information request", "索取資料的請求", "索取资料的请求"),
    "change_information_request": (
        "a change of an information request",
        "索取資料請求的更改",
        "索取资料请求的更改",
    ),
    "answer_information": (
        "an answer to an information request",
        "索取資料的答覆",
        "索取资料的答复",
    ),
}
STEPS: dict[str, Triple] = {
    "follow_information_request": (
        "remind of an information request, or end it",
        "提醒索取資料的請求或將其結束",
        "提醒索取资料的请求或将其结束",
    ),
}
THINGS: dict[str, Triple] = {
    "information": ("a document that was asked for", "所索取的文件", "所索取的文件"),
}
WAITING: dict[str, Triple] = {
    "HOSPITAL_DOCUMENTS": (
        "Waits for documents that {insurer} asked {hospital} for.",
        "等待{hospital}提交{insurer}索取的文件。",
        "等待{hospital}提交{insurer}索取的文件。",
    ),
    "PATIENT_DOCUMENTS": (
        "Waits for documents that {insurer} asked the patient for.",
        "等待病人提交{insurer}索取的文件。",
        "等待病人提交{insurer}索取的文件。",
    ),
}
EXCEPTIONS: dict[str, Triple] = {
    "INFORMATION_OVERDUE": (
        "documents that an insurer asked for have not come in time",
        "保險公司索取的文件逾期未交",
        "保险公司索取的文件逾期未交",
    ),
}
TO_DO: dict[str, Triple] = {
    "INFORMATION_OVERDUE": (
        "Call whoever was asked; then the insurer extends the request, or withdraws it and the "
        "claim goes on with what is there.",
        "聯絡被索取文件的一方;其後由保險公司延長期限,或撤回請求並按現有文件處理索償。",
        "联络被索取文件的一方;其后由保险公司延长期限,或撤回请求并按现有文件处理索偿。",
    ),
}
