"""What a story says of health records: asked for, given, looked at, handed in, told to the patient.

No word of a record, no code and no name of a person is among the values.
"""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "record_asked": (
        "{hospital} ({staff}) asked {system} for the patient's record of {begin} to {end}, as "
        "request {number}.",
        "{hospital}（{staff}）向{system}索取病人由{begin}至{end}的紀錄,申請編號{number}。",
        "{hospital}（{staff}）向{system}索取病人由{begin}至{end}的记录,申请编号{number}。",
    ),
    "record_came": (
        "The record came from {system} under request {number}; who looks at it is kept.",
        "{system}已就申請{number}提供紀錄;每次查閱均會記錄。",
        "{system}已就申请{number}提供记录;每次查阅均会记录。",
    ),
    "record_refused": (
        "{system} gave no record under request {number}: {reason}.",
        "{system}沒有就申請{number}提供紀錄:{reason}。",
        "{system}没有就申请{number}提供记录:{reason}。",
    ),
    "record_set_aside": (
        "What {system} answered to request {number} was set aside and is shown to nobody: "
        "{reason}.",
        "{system}就申請{number}的答覆已擱置,不向任何人展示:{reason}。",
        "{system}就申请{number}的答复已搁置,不向任何人展示:{reason}。",
    ),
    "record_stopped": (
        "Request {number} was not answered with a record: {reason}.",
        "申請{number}未能取得紀錄:{reason}。",
        "申请{number}未能取得记录:{reason}。",
    ),
    "record_read": (
        "{hospital} ({staff}) looked at the record of request {number}, by {consents}.",
        "{hospital}（{staff}）查閱申請{number}的紀錄,依據{consents}。",
        "{hospital}（{staff}）查阅申请{number}的记录,依据{consents}。",
    ),
    "record_read_refused": (
        "{hospital} ({staff}) wanted to look at the record of request {number} and was refused: "
        "the consent has been withdrawn.",
        "{hospital}（{staff}）欲查閱申請{number}的紀錄而被拒:同意已撤回。",
        "{hospital}（{staff}）欲查阅申请{number}的记录而被拒:同意已撤回。",
    ),
    "record_notice_access": (
        "{system} told the patient of the access by {means} (notice {notice}).",
        "{system}已以{means}通知病人有關查閱(通知編號{notice})。",
        "{system}已以{means}通知病人有关查阅(通知编号{notice})。",
    ),
    "record_notice_consent": (
        "{system} told the patient of the changed consent by {means} (notice {notice}).",
        "{system}已以{means}通知病人同意的更改(通知編號{notice})。",
        "{system}已以{means}通知病人同意的更改(通知编号{notice})。",
    ),
    "record_deposit_asked": (
        "{hospital} hands {what} in to the patient's personal folder at {system}.",
        "{hospital}將{what}存入病人於{system}的個人資料夾。",
        "{hospital}将{what}存入病人于{system}的个人资料夹。",
    ),
    "record_delivered": (
        "{system} took {what} and gave the receipt {receipt}.",
        "{system}已接收{what},回條編號{receipt}。",
        "{system}已接收{what},回条编号{receipt}。",
    ),
    "record_undelivered": (
        "{what} did not get to {system}: {reason}.",
        "{what}未能送達{system}:{reason}。",
        "{what}未能送达{system}:{reason}。",
    ),
    "consent_signed_by": (
        "A {capacity} signed {consent} for the patient on {signed_at} (text {version}, {channel}); "
        "the paper {paper} was seen.",
        "{capacity}於{signed_at}代病人簽署{consent}(文本{version},{channel}),已查閱證明文件{paper}。",
        "{capacity}于{signed_at}代病人签署{consent}(文本{version},{channel}),已查阅证明文件{paper}。",
    ),
}

MEANS: dict[str, Triple] = {
    "sms": ("SMS", "短訊", "短信"),
    "email": ("e-mail", "電郵", "电邮"),
    "post": ("post", "郵寄", "邮寄"),
}

DELIVERIES: dict[str, Triple] = {
    "visit_summary": ("the visit summary", "就診摘要", "就诊摘要"),
    "radiology_image": ("a radiology image", "放射影像", "放射影像"),
    "consent_given": ("the word of a consent given", "給予同意的通知", "给予同意的通知"),
    "consent_withdrawn": ("the word of a consent withdrawn", "撤回同意的通知", "撤回同意的通知"),
}

CAPACITIES: dict[str, Triple] = {
    "parent": ("parent", "父母", "父母"),
    "guardian": ("guardian", "監護人", "监护人"),
    "carer": ("carer", "照顧者", "照顾者"),
}

CODES: dict[str, Triple] = {
    "RECORD_CONSENT_MISSING": ("the consent was withdrawn", "同意已撤回", "同意已撤回"),
    "RECORD_CODES_EXPIRED": (
        "the patient's codes had run out before they could be used",
        "病人的二維碼在使用前已過期",
        "病人的二维码在使用前已过期",
    ),
    "RECORD_ANSWER_LOST": (
        "no answer came within the limit",
        "在限期內沒有收到答覆",
        "在限期内没有收到答复",
    ),
    "CODE_EXPIRED": ("the codes had expired", "二維碼已過期", "二维码已过期"),
    "CODE_USED": ("the codes had been used before", "二維碼已被使用", "二维码已被使用"),
    "CODE_UNKNOWN": ("the codes are not known", "二維碼無效", "二维码无效"),
    "CODE_OF_ANOTHER_PERSON": (
        "the codes are another person's",
        "二維碼屬於另一人",
        "二维码属于另一人",
    ),
    "SHARING_NOT_GIVEN": (
        "there is no sharing consent in force",
        "沒有有效的互通同意",
        "没有有效的互通同意",
    ),
    "NOT_JOINED": (
        "there is no joining consent in force",
        "沒有有效的參與同意",
        "没有有效的参与同意",
    ),
    "INSTITUTION_NOT_DESIGNATED": (
        "the hospital is no designated institution",
        "醫院並非指定機構",
        "医院并非指定机构",
    ),
    "PERSON_NOT_FOUND": (
        "nobody is known there by this paper",
        "沒有此證件的登記人",
        "没有此证件的登记人",
    ),
    "RECORD_NOT_FHIR": (
        "it was no record that can be read",
        "答覆並非可讀取的紀錄",
        "答复并非可读取的记录",
    ),
    "RECORD_OTHER_REQUEST": (
        "it was about another request",
        "答覆屬於另一項申請",
        "答复属于另一项申请",
    ),
    "RECORD_OTHER_PATIENT": (
        "it was about another patient",
        "答覆屬於另一病人",
        "答复属于另一病人",
    ),
    "RECORD_OUTSIDE_WINDOW": (
        "it held more years than were asked for",
        "答覆超出所索取的年期",
        "答复超出所索取的年期",
    ),
    "RECORD_NOT_ASKED_FOR": (
        "it held parts that were not asked for",
        "答覆包含未索取的部分",
        "答复包含未索取的部分",
    ),
    "RECORD_CONTRADICTS": ("it contradicted itself", "答覆內容矛盾", "答复内容矛盾"),
    "RECORD_DEPOSIT_STOPPED": (
        "the joining consent was withdrawn before it was sent",
        "參與同意在發送前已撤回",
        "参与同意在发送前已撤回",
    ),
    "RECORD_DEPOSIT_LATE": (
        "it could not be handed in within the limit",
        "未能在限期內存入",
        "未能在限期内存入",
    ),
    "CONSENT_REPORT_LATE": (
        "it could not be reported within the limit",
        "未能在限期內通知",
        "未能在限期内通知",
    ),
}

EXCEPTIONS: dict[str, Triple] = {
    "RECORD_CONSENT_MISSING": (
        "the consent to fetch a record was withdrawn before the request was sent",
        "索取紀錄的同意在發送前已撤回",
        "索取记录的同意在发送前已撤回",
    ),
    "RECORD_CODES_EXPIRED": (
        "the patient's codes ran out; ask for new ones",
        "病人的二維碼已過期,請重新產生",
        "病人的二维码已过期,请重新产生",
    ),
    "RECORD_ANSWER_NOT_USABLE": (
        "an answer about a record was set aside and kept as evidence",
        "有關紀錄的答覆已擱置並留作證據",
        "有关记录的答复已搁置并留作证据",
    ),
    "RECORD_ANSWER_LOST": (
        "it is unknown whether a record was given",
        "未能確定是否已提供紀錄",
        "未能确定是否已提供记录",
    ),
    "RECORD_REQUEST_REFUSED": (
        "the record system refused a request",
        "紀錄系統拒絕申請",
        "记录系统拒绝申请",
    ),
    "RECORD_NOTICE_MISSING": (
        "nothing says that the patient was told of an access",
        "沒有資料顯示病人已獲通知查閱",
        "没有资料显示病人已获通知查阅",
    ),
    "RECORD_DEPOSIT_STOPPED": (
        "a document was not handed in, since the joining consent was withdrawn",
        "因參與同意已撤回,文件沒有存入",
        "因参与同意已撤回,文件没有存入",
    ),
    "RECORD_DEPOSIT_REFUSED": (
        "the record system refused a document",
        "紀錄系統拒絕接收文件",
        "记录系统拒绝接收文件",
    ),
    "RECORD_DEPOSIT_LATE": (
        "a document could not be handed in within the limit",
        "文件未能在限期內存入",
        "文件未能在限期内存入",
    ),
    "CONSENT_REPORT_REFUSED": (
        "the record system refused the word of a changed consent",
        "紀錄系統拒絕接收同意更改的通知",
        "记录系统拒绝接收同意更改的通知",
    ),
    "CONSENT_REPORT_LATE": (
        "a changed consent could not be reported within the limit",
        "未能在限期內通知同意的更改",
        "未能在限期内通知同意的更改",
    ),
}

STEPS: dict[str, Triple] = {
    "fetch_records": ("ask for the patient's record", "索取病人紀錄", "索取病人记录"),
    "deliver_record": ("hand a document in", "存入文件", "存入文件"),
    "give_up_record": ("end what got no answer", "結束未獲答覆的事項", "结束未获答复的事项"),
}

THINGS: dict[str, Triple] = {
    "record-request": ("the patient's record", "提供病人紀錄", "提供病人记录"),
    "record-deposit": ("a receipt for a document", "接收文件", "接收文件"),
    "record-deposit-inquiry": ("news of a document", "說明文件有否接收", "说明文件有否接收"),
    "consent-report": (
        "a receipt for the change of a consent",
        "接收同意更改的通知",
        "接收同意更改的通知",
    ),
}

KINDS: dict[str, Triple] = {
    "request_records": ("a request for records", "紀錄申請", "记录申请"),
    "deposit_records": ("documents to hand in", "存入的文件", "存入的文件"),
}

PARTIES: dict[str, Triple] = {
    "ehealth": ("eHealth", "醫健通", "医健通"),
    "hospital-authority": ("the Hospital Authority", "醫院管理局", "医院管理局"),
}

WAITING: dict[str, Triple] = {
    "HEALTH_RECORDS": (
        "Waits for a record system about records asked for or handed in.",
        "等待紀錄系統就所索取或存入的紀錄回覆。",
        "等待记录系统就所索取或存入的记录回复。",
    ),
}
