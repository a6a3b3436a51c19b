"""What a person has to do about exceptions of transfers and of what happens around the money."""

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
}
