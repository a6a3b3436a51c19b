"""Sentences of the faults about family sharing and family codes; see ``fault_sentences``."""

from __future__ import annotations

FAMILY_TEXTS: dict[str, tuple[str, str, str]] = {
    "FAMILY_NAME_MISSING": (
        "This person has no name; give it in Chinese or English.",
        "此人缺少姓名，請填寫中文或英文姓名。",
        "此人缺少姓名，请填写中文或英文姓名。",
    ),
    "FAMILY_SAME_PERSON": (
        "Both sides are the same person; family sharing binds two people.",
        "雙方為同一人；家庭共濟須由兩人綁定。",
        "双方为同一人；家庭共济须由两人绑定。",
    ),
    "FAMILY_PAPER_MISSING": (
        "The paper {paper} is missing; this channel asks for {papers}.",
        "缺少材料 {paper}；此渠道須提交 {papers}。",
        "缺少材料 {paper}；此渠道须提交 {papers}。",
    ),
    "FAMILY_APPLIED_IN_FUTURE": (
        "The application is dated after today; correct its time.",
        "申請時間晚於今日，請更正。",
        "申请时间晚于今日，请更正。",
    ),
    "FAMILY_CONSENT_AFTER": (
        "The consent was signed after the application; have it signed first.",
        "同意書的簽署時間晚於申請，請先簽署。",
        "同意书的签署时间晚于申请，请先签署。",
    ),
    "FAMILY_RULES_MISSING": (
        "The rules of family sharing are not loaded, so a person must decide.",
        "尚未載入家庭共濟規則，須由人員決定。",
        "尚未载入家庭共济规则，须由人员决定。",
    ),
    "FAMILY_ALREADY_APPLIED": (
        "These two have a binding that is under way or in force; unbind it before you apply again.",
        "雙方已有審核中或生效的共濟關係；請先解綁再申請。",
        "双方已有审核中或生效的共济关系；请先解绑再申请。",
    ),
    "FAMILY_REPLACES_UNKNOWN": (
        "There is no refused application of yours with this id; leave it out, or correct it.",
        "沒有此編號而由貴方提交且已被拒絕的申請，請刪除或更正。",
        "没有此编号而由贵方提交且已被拒绝的申请，请删除或更正。",
    ),
    "FAMILY_NOTHING_TO_UNBIND": (
        "The application was refused, so there is nothing to unbind.",
        "該申請已被拒絕，沒有可解綁的關係。",
        "该申请已被拒绝，没有可解绑的关系。",
    ),
    "FAMILY_CODE_ALREADY_LINKED": (
        "This family code is shown already; end the link before you make it again.",
        "該親情賬戶已添加；請先解除再添加。",
        "该亲情账户已添加；请先解除再添加。",
    ),
    "FAMILY_CODE_ENDS_BEFORE": (
        "The link ends before it began; correct the time.",
        "解除時間早於添加時間，請更正。",
        "解除时间早于添加时间，请更正。",
    ),
}
