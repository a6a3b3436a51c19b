"""What a person has to do about exceptions of transfers and family bindings."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

EVENTS_TO_DO: dict[str, Triple] = {
    "HAND_OVER_HELD": (
        "Ask the patient for the consent; the record is issued once it is given.",
        "請病人給予同意;取得同意後即發出移交紀錄。",
        "请病人给予同意;取得同意后即发出移交记录。",
    ),
    "TRANSFER_EMERGENCY_RELEASE": (
        "Check the stated reason, and ask the patient for the missing consents when he can answer.",
        "核對所述理由,並在病人能表達意願時補取所欠的同意。",
        "核对所述理由,并在病人能表达意愿时补取所欠的同意。",
    ),
    "TRANSFER_HOSPITAL_UNKNOWN": (
        "Confirm the receiving hospital with the crew, and have it added to the reference data.",
        "向救護人員確認接收醫院,並將其加入參考資料。",
        "向救护人员确认接收医院,并将其加入参考资料。",
    ),
    "TRANSFER_APPROVAL_EXPIRED": (
        "Ask the operator of the vehicle for a valid approval; the transfer's record stays.",
        "向車輛營運者索取有效的批准;轉運紀錄保留不變。",
        "向车辆营运者索取有效的批准;转运记录保留不变。",
    ),
    "TRANSFER_APPROVAL_MISSING": (
        "Ask the operator of the vehicle for its approvals and report them with a new hand-over.",
        "向車輛營運者索取批准文件,並以新的移交報告。",
        "向车辆营运者索取批准文件,并以新的移交报告。",
    ),
    "FAMILY_BINDING_DIFFERS": (
        "Compare the binding with what the bureau has, have the wrong one put right, and send the"
        " bill again; or bill without the relative's account.",
        "核對綁定與醫療保障局的紀錄,更正有誤的一方後重新提交帳單;或不使用親屬帳戶結算。",
        "核对绑定与医疗保障局的记录,更正有误的一方后重新提交账单;或不使用亲属账户结算。",
    ),
    "FAMILY_BINDING_ENDED": (
        "Ask the patient how he pays instead, and send the bill again without the relative's"
        " account.",
        "詢問病人改用何種方式付款,並不使用親屬帳戶重新提交帳單。",
        "询问病人改用何种方式付款,并不使用亲属账户重新提交账单。",
    ),
}
