"""What a patient's pages say of consents, of who looked and of a spouse's vouchers."""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

CONSENTS: dict[str, Triple] = {
    # Consents.
    "consents": ("What you agreed to", "您已同意的事項", "您已同意的事项"),
    "no_consent": ("You have agreed to nothing here.", "沒有任何同意。", "没有任何同意。"),
    "for_whom": ("for {who}", "對象:{who}", "对象:{who}"),
    "agreed_on": ("You agreed on {day}.", "您於 {day} 同意。", "您于 {day} 同意。"),
    "signed_for_you": (
        "Signed for the patient by: {who}.",
        "由{who}代病人簽署。",
        "由{who}代病人签署。",
    ),
    "parent": ("a parent", "父母", "父母"),
    "guardian": ("a guardian", "監護人", "监护人"),
    "carer": ("a carer", "照顧者", "照顾者"),
    "paper": ("on paper", "書面", "书面"),
    "electronic": ("electronically", "電子方式", "电子方式"),
    "app": ("in an app", "應用程式", "应用程序"),
    "taken_back": ("You took it back on {day}.", "您於 {day} 撤回。", "您于 {day} 撤回。"),
    "text_and_proof": ("The text and the proof", "文本及憑證", "文本及凭证"),
    "text_version": ("Text, version {version}", "文本版本 {version}", "文本版本 {version}"),
    "text_is": (
        "Fingerprint of this text (SHA-256):",
        "此文本的指紋(SHA-256):",
        "此文本的指纹(SHA-256):",
    ),
    "text_example": (
        "An invented text, for demonstration only.",
        "虛構文本,僅供示範。",
        "虚构文本,仅供演示。",
    ),
    "text_signed_in": (
        "You signed this text in {language}:",
        "您所簽的是{language}文本:",
        "您所签的是{language}文本:",
    ),
    "text_since": ("in use since {day}", "自 {day} 起使用", "自 {day} 起使用"),
    "text_show": ("Read the text", "閱讀文本", "阅读文本"),
    "text_elsewhere": (
        "The hospital shows you this text before you sign.",
        "簽署前,醫院會向您出示此文本。",
        "签署前,医院会向您出示此文本。",
    ),
    "texts": (
        "What you may be asked to sign",
        "您可能需簽署的同意書",
        "您可能需签署的同意书",
    ),
    "texts_read": (
        "Read what you may still be asked to sign",
        "閱讀日後可能需簽署的同意書",
        "阅读日后可能需签署的同意书",
    ),
    "texts_why": (
        "Read in peace before you sign. Each is signed for itself, none must be, and you may take"
        " back each one later.",
        "簽署前請細閱。各項分別簽署,並非必須簽署,日後亦可撤回。",
        "签署前请细阅。各项分别签署,并非必须签署,日后亦可撤回。",
    ),
    "texts_none": (
        "There is no text to read here. Ask the hospital to show you the paper.",
        "此處沒有文本,請向醫院索閱文件。",
        "此处没有文本,请向医院索阅文件。",
    ),
    "text_how": (
        "The hospital shows you the text that you signed. It is the right one if its fingerprint"
        " (SHA-256) is:",
        "醫院會向您出示所簽文本。其指紋(SHA-256)如下即為正確:",
        "医院会向您出示所签文本。其指纹(SHA-256)如下即为正确:",
    ),
    "proof_how": (
        "The proof that you signed has this fingerprint (SHA-256):",
        "您簽署的憑證指紋(SHA-256):",
        "您签署的凭证指纹(SHA-256):",
    ),
    "no_proof": (
        "No fingerprint was kept. Ask the hospital to show you the paper.",
        "未有保存指紋,請向醫院索閱文件。",
        "未有保存指纹,请向医院索阅文件。",
    ),
    "take_back": ("Take this back", "撤回此同意", "撤回此同意"),
    "take_back_there": (
        "To take one of these back, please ask the hospital for a link of its own.",
        "如要撤回,請向醫院索取該院的連結。",
        "如要撤回,请向医院索取该院的链接。",
    ),
    "before_take_back": (
        "Before you take it back",
        "撤回之前請先閱讀",
        "撤回之前请先阅读",
    ),
    "take_back_what": (
        "You would take back: {what}",
        "您將撤回:{what}",
        "您将撤回:{what}",
    ),
    "nothing_changes": (
        "Nothing changes in what anybody pays. From then on nothing more is done that rests on it.",
        "各方付款不變。此後不再進行以此為依據的任何處理。",
        "各方付款不变。此后不再进行以此为依据的任何处理。",
    ),
    "nothing_to_take_back": (
        "This was taken back already, or was never given.",
        "此同意已撤回,或從未給予。",
        "此同意已撤回,或从未给予。",
    ),
    "person_decides": (
        "For {who} no rule says what happens. A person would look at it.",
        "{who}方面沒有既定規則,會由專人處理。",
        "{who}方面没有既定规则,会由专人处理。",
    ),
    "who_before": ("Now", "現時", "现时"),
    "who_after": ("Afterwards", "撤回後", "撤回后"),
    "insurer_pays": ("Insurer", "保險公司", "保险公司"),
    "insurer_may_pay": ("Insurer, not decided yet", "保險公司(未決定)", "保险公司(未决定)"),
    "you_pay": ("You", "您", "您"),
    "what_stops": ("What stops", "將停止", "将停止"),
    "what_stays": ("What stays", "維持不變", "维持不变"),
    "until_day": (
        "Until {day} you can agree again, and it goes on.",
        "您可於 {day} 或之前重新同意,程序便會繼續。",
        "您可于 {day} 或之前重新同意,程序便会继续。",
    ),
    "kept_years": (
        "What was sent before is only stored, for {years} years.",
        "之前已傳送的資料只作儲存,為期 {years} 年。",
        "之前已传送的资料只作储存,为期 {years} 年。",
    ),
    "yes_take_back": ("Yes, take it back", "確定撤回", "确定撤回"),
    "no_leave_it": ("No, leave it as it is", "不,維持原狀", "不,维持原状"),
    "is_taken_back": (
        "Your consent is taken back. It counts from this moment.",
        "您的同意已撤回,即時生效。",
        "您的同意已撤回,即时生效。",
    ),
    "is_passed_on": (
        "We have taken it in. It is done in a moment; look again shortly.",
        "已收到,即將處理,請稍後再看。",
        "已收到,即将处理,请稍后再看。",
    ),
    # Looks.
    "looks": ("Who has looked at your data", "誰查閱過您的資料", "谁查阅过您的资料"),
    "looks_why": (
        "Everybody who asks for your data is written down, also when he was refused.",
        "凡查閱您資料的人都會留下紀錄,被拒絕的亦然。",
        "凡查阅您资料的人都会留下记录,被拒绝的亦然。",
    ),
    "no_look": ("Nobody has looked yet.", "尚未有人查閱。", "尚未有人查阅。"),
    "times": ("{count} times", "{count} 次", "{count} 次"),
    "earlier": ("Earlier", "較早", "较早"),
    "newest": ("Newest", "最新", "最新"),
    # The spouse.
    "your_vouchers": ("Your vouchers", "您的醫療券", "您的医疗券"),
    "vouchers_why": (
        "This is what was taken of your vouchers for your spouse.",
        "以下是為您的配偶使用的您的醫療券。",
        "以下是为您的配偶使用的您的医疗券。",
    ),
    "voucher_taken": ("{amount} on {day}", "{day} 使用 {amount}", "{day} 使用 {amount}"),
    "voucher_given_back": (
        "{amount} on {day}, given back since",
        "{day} 使用 {amount},其後已退回",
        "{day} 使用 {amount},其后已退回",
    ),
    "no_voucher": (
        "Nothing was taken of your vouchers.",
        "未有使用您的醫療券。",
        "未有使用您的医疗券。",
    ),
}

CONSENT_WORDS: dict[str, Triple] = {
    "EHEALTH_JOIN": ("Taking part in eHealth", "參與醫健通", "参与医健通"),
    "EHEALTH_SHARE": (
        "This hospital may read your eHealth record",
        "此醫院可查閱您的醫健通紀錄",
        "此医院可查阅您的医健通记录",
    ),
    "VOUCHER_USE": ("Paying with your vouchers", "使用您的醫療券付款", "使用您的医疗券付款"),
    "VOUCHER_ACCOUNT": ("A voucher account for you", "為您開立醫療券戶口", "为您开立医疗券户口"),
    "SPOUSE_SHARE": (
        "Your vouchers may be used for your spouse",
        "可為配偶使用您的醫療券",
        "可为配偶使用您的医疗券",
    ),
    "PI_SENSITIVE": (
        "Using your health data",
        "使用您的健康資料",
        "使用您的健康数据",
    ),
    "PI_PROVIDE": (
        "Giving your data to somebody else",
        "向他方提供您的資料",
        "向他方提供您的数据",
    ),
    "PI_CROSS_BORDER": (
        "Sending your data across the border",
        "跨境傳送您的資料",
        "跨境传送您的数据",
    ),
    "CLAIM_AUTH": (
        "Claiming from your insurer for you",
        "代您向保險公司索償",
        "代您向保险公司索偿",
    ),
    "AMBULANCE_TRANSFER": (
        "Being taken across the border by ambulance",
        "以救護車跨境轉運",
        "以救护车跨境转运",
    ),
}
