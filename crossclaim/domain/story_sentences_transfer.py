"""What a story says of transfers by ambulance, and of what is no medical care in a bill.

Condition, treatment and the explanation of an emergency are sealed; no word of them is told.
"""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "non_medical_apart": (
        "{amount} of bill {number} version {version} is no medical care: it is kept apart and "
        "the patient's alone.",
        "帳單{number}第{version}版其中{amount}並非醫療費用:已分開列示,由病人自付。",
        "账单{number}第{version}版其中{amount}并非医疗费用:已分开列示,由病人自付。",
    ),
    "handed_over": (
        "{giver} ({giver_staff}) handed the patient over to {taker} ({taker_staff}) at "
        "{happened_at}, as hand-over {number}; departure at {departed_at}.",
        "{giver}({giver_staff})於{happened_at}將病人移交{taker}({taker_staff}),"
        "移交編號{number};出發時間{departed_at}。",
        "{giver}({giver_staff})于{happened_at}将病人移交{taker}({taker_staff}),"
        "移交编号{number};出发时间{departed_at}。",
    ),
    "transfer_crew": (
        "With the patient were {crew}, in vehicle {vehicle}; approvals shown: {approvals}.",
        "隨車人員:{crew};車輛{vehicle};已出示的批准:{approvals}。",
        "随车人员:{crew};车辆{vehicle};已出示的批准:{approvals}。",
    ),
    "hand_over_by_consent": (
        "The record of hand-over {number} was issued to {recipient}, by the patient's consents.",
        "移交編號{number}的移交紀錄已依據病人的同意發給{recipient}。",
        "移交编号{number}的移交记录已依据病人的同意发给{recipient}。",
    ),
    "hand_over_in_emergency": (
        "The record of hand-over {number} was issued to {recipient} in an emergency ({reason}), "
        "as {staff} decided, by {rule}; without {missing}.",
        "移交編號{number}的移交紀錄因緊急情況({reason})發給{recipient},由{staff}決定,"
        "依據{rule};未有{missing}。",
        "移交编号{number}的移交记录因紧急情况({reason})发给{recipient},由{staff}决定,"
        "依据{rule};未有{missing}。",
    ),
}

CREW: dict[str, Triple] = {
    "doctor": ("a doctor", "醫生", "医生"),
    "nurse": ("a nurse", "護士", "护士"),
    "paramedic": ("a paramedic", "救護員", "救护员"),
    "driver": ("a driver", "司機", "司机"),
    "other": ("another member of the crew", "其他隨車人員", "其他随车人员"),
}
REGIONS: dict[str, Triple] = {
    "CN": ("mainland", "內地", "内地"),
    "HK": ("Hong Kong", "香港", "香港"),
    "MO": ("Macao", "澳門", "澳门"),
}
EMERGENCIES: dict[str, Triple] = {
    "life_at_risk": ("life at risk", "生命受威脅", "生命受威胁"),
    "health_at_risk": ("health at risk", "健康受威脅", "健康受威胁"),
}
NO_APPROVAL: Triple = ("none", "無", "无")
RULES: dict[str, Triple] = {
    "consent-withdrawal:emergency.outbound": (
        "article 35 (7) of the Network Data Security Management Regulations",
        "《網絡數據安全管理條例》第三十五條第七項",
        "《网络数据安全管理条例》第三十五条第七项",
    ),
}

KINDS: dict[str, Triple] = {
    "record_hand_over": ("the hand-over of the patient", "病人移交紀錄", "病人移交记录"),
}
STEPS: dict[str, Triple] = {
    "issue_hand_over_record": (
        "issue the record of the hand-over",
        "發出移交紀錄",
        "发出移交记录",
    ),
}
DUE_STEPS: dict[str, str] = {"hand_over_due": "issue_hand_over_record"}
WAITING: dict[str, Triple] = {
    "HAND_OVER": (
        "Waits for {hospital} to record that the patient was handed over.",
        "等待{hospital}記錄病人的移交。",
        "等待{hospital}记录病人的移交。",
    ),
    "TRANSFER_CONSENT": (
        "Waits for a consent: the record of a hand-over stays here until it is signed.",
        "等待同意書:移交紀錄在簽署前不會發出。",
        "等待同意书:移交记录在签署前不会发出。",
    ),
}
CONSENTS: dict[str, Triple] = {
    "AMBULANCE_TRANSFER": (
        "the consent to the transfer by ambulance",
        "救護車轉運同意書",
        "救护车转运同意书",
    ),
}
ENCOUNTERS: dict[str, Triple] = {
    "ambulance_transfer": (
        "a transfer by ambulance across the border",
        "跨境救護車轉運",
        "跨境救护车转运",
    ),
}
EXCEPTIONS: dict[str, Triple] = {
    "HAND_OVER_HELD": (
        "a consent ended before the record of a hand-over was issued; it stays here",
        "同意在移交紀錄發出前已撤回;紀錄不會發出",
        "同意在移交记录发出前已撤回;记录不会发出",
    ),
    "TRANSFER_EMERGENCY_RELEASE": (
        "the record of a hand-over went out in an emergency, without all consents",
        "移交紀錄因緊急情況在未齊備同意下發出",
        "移交记录因紧急情况在未齐备同意下发出",
    ),
    "TRANSFER_HOSPITAL_UNKNOWN": (
        "the hospital is not among those that we know to take part in such transfers",
        "該醫院不在我們所知參與此類轉運的醫院之列",
        "该医院不在我们所知参与此类转运的医院之列",
    ),
    "TRANSFER_APPROVAL_EXPIRED": (
        "an approval of the vehicle was over on the day of the transfer",
        "車輛的一項批准在轉運當日已失效",
        "车辆的一项批准在转运当日已失效",
    ),
    "TRANSFER_APPROVAL_MISSING": (
        "the vehicle lacks an approval of one side of the border",
        "車輛欠缺其中一側的批准",
        "车辆欠缺其中一侧的批准",
    ),
}
