"""The sentence of every fault about health records and substitute signers, in three languages."""

from __future__ import annotations

from crossclaim.domain.allocation import Fault, Sentence

RECORD_TEXTS: dict[str, tuple[str, str, str]] = {
    "RECORD_CODES_MISSING": (
        "A request to eHealth needs both QR codes of the patient: the application code and the "
        "password code.",
        "向醫健通申請須提供病人的兩個二維碼：申請二維碼及密碼二維碼。",
        "向医健通申请须提供病人的两个二维码：申请二维码及密码二维码。",
    ),
    "RECORD_CODES_ALIKE": (
        "The password code is the application code; scan the other one.",
        "密碼二維碼與申請二維碼相同，請掃描另一個二維碼。",
        "密码二维码与申请二维码相同，请扫描另一个二维码。",
    ),
    "RECORD_CODES_NOT_WANTED": (
        "The direct link with the Hospital Authority takes no QR codes; leave them out.",
        "與醫院管理局的直接連接不使用二維碼，請勿提供。",
        "与医院管理局的直接连接不使用二维码，请勿提供。",
    ),
    "RECORD_CODES_OLD": (
        "The codes were shown at {shown_at} and hold for {minutes} minutes; ask the patient for "
        "new ones.",
        "二維碼於 {shown_at} 出示，有效期為 {minutes} 分鐘，請病人重新產生。",
        "二维码于 {shown_at} 出示，有效期为 {minutes} 分钟，请病人重新产生。",
    ),
    "RECORD_TIME_AHEAD": (
        "This moment is in the future.",
        "此時間在未來。",
        "此时间在未来。",
    ),
    "RECORD_SECTION_MISSING": (
        "Name at least one part of the record, each once.",
        "請至少指明一個紀錄部分，每項只列一次。",
        "请至少指明一个记录部分，每项只列一次。",
    ),
    "RECORD_SYSTEM_ABSENT": (
        "This installation has no connection to {system}.",
        "本系統未與 {system} 連接。",
        "本系统未与 {system} 连接。",
    ),
    "RECORD_NOT_DESIGNATED": (
        "The hospital {hospital} is not designated by {system} on {on}; it can neither ask for "
        "records there nor hand them in.",
        "醫院 {hospital} 於 {on} 並非 {system} 的指定機構，不能索取或存入紀錄。",
        "医院 {hospital} 于 {on} 并非 {system} 的指定机构，不能索取或存入记录。",
    ),
    "RECORD_DOCUMENT_MISSING": (
        "The record systems of Hong Kong know a patient by HKID or certificate of exemption; this "
        "episode has neither.",
        "香港的紀錄系統以香港身份證或豁免登記證明書識別病人，本個案兩者皆無。",
        "香港的记录系统以香港身份证或豁免登记证明书识别病人，本个案两者皆无。",
    ),
    "RECORD_CONSENT_MISSING": (
        "The consent {consent} is missing or withdrawn; nothing can be sent without it.",
        "缺少同意書 {consent} 或已撤回，未有同意不能發送。",
        "缺少同意书 {consent} 或已撤回，未有同意不能发送。",
    ),
    "RECORD_RULE_MISSING": (
        "No rule of {on} says {rule}; a person must decide.",
        "{on} 沒有規則列明 {rule}，須由人員決定。",
        "{on} 没有规则列明 {rule}，须由人员决定。",
    ),
    "DEPOSIT_ITEMS_MISSING": (
        "Name at least one document to hand in, each once.",
        "請至少指明一份存入的文件，每份只列一次。",
        "请至少指明一份存入的文件，每份只列一次。",
    ),
    "DEPOSIT_NOT_UPLOADED": (
        "This document has not been uploaded; upload it to the episode first.",
        "此文件尚未上載，請先上載至本個案。",
        "此文件尚未上传，请先上传至本个案。",
    ),
    "DEPOSIT_IMAGES_CLOSED": (
        "Images cannot be handed in on {on}.",
        "{on} 未能存入影像。",
        "{on} 未能存入影像。",
    ),
    "SIGNER_SUBSTITUTE_NEEDED": (
        "The patient is under {years}; a parent or guardian signs the consent {consent} "
        "(signed_by).",
        "病人未滿 {years} 歲，同意書 {consent} 須由父母或監護人簽署（signed_by）。",
        "病人未满 {years} 岁，同意书 {consent} 须由父母或监护人签署（signed_by）。",
    ),
    "SIGNER_CAPACITY": (
        "In this capacity nobody signs for the patient; allowed are {allowed}.",
        "此身份不能代病人簽署，可用的身份為 {allowed}。",
        "此身份不能代病人签署，可用的身份为 {allowed}。",
    ),
    "SIGNER_NOT_NEEDED": (
        "The patient is {years} or older and not said to be incapable; he signs himself.",
        "病人已滿 {years} 歲而未註明無行為能力，須由本人簽署。",
        "病人已满 {years} 岁而未注明无行为能力，须由本人签署。",
    ),
    "SIGNER_IS_PATIENT": (
        "The substitute has the patient's own document; give that of the person who signed.",
        "代簽人的證件即病人的證件，請提供代簽人的證件。",
        "代签人的证件即病人的证件，请提供代签人的证件。",
    ),
    "SIGNER_PAPER_LATE": (
        "The paper was seen only after the consent was signed.",
        "證明文件於簽署同意書後才查閱。",
        "证明文件于签署同意书后才查阅。",
    ),
    "SIGNER_NAME_MISSING": (
        "The person who signed has no name; give it in Chinese or English.",
        "缺少代簽人姓名，請填寫中文或英文姓名。",
        "缺少代签人姓名，请填写中文或英文姓名。",
    ),
}


def record_fault(code: str, pointer: str, **values: object) -> Fault:
    """The fault ``code`` at ``pointer``, with its sentences filled in."""
    en, hant, hans = RECORD_TEXTS[code]
    return Fault(
        code=code,
        pointer=pointer,
        text=Sentence(
            en=en.format(**values), zh_hant=hant.format(**values), zh_hans=hans.format(**values)
        ),
    )
