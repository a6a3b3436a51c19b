"""What a story says of a visit: opening, consents, questions, guarantee, stay, bills, payments.

The words in braces are names of organisations, amounts, times, references and codes: never a
patient's name, number or diagnosis.
"""

from __future__ import annotations

from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "episode_opened": (
        "{hospital} opened the episode: {encounter}.",
        "{hospital}開立個案:{encounter}。",
        "{hospital}开立个案:{encounter}。",
    ),
    "submission_refused": (
        "{organisation} sent {what}; it was refused and nothing was stored: {reasons}",
        "{organisation}提交{what};已被拒絕,沒有儲存任何資料:{reasons}",
        "{organisation}提交{what};已被拒绝,没有储存任何资料:{reasons}",
    ),
    "submission_unanswered": (
        "{organisation} sent {what}; it is kept, and its answer is still outstanding.",
        "{organisation}提交{what};已保存,尚待答覆。",
        "{organisation}提交{what};已保存,尚待答复。",
    ),
    "bill_voided": (
        "{organisation} took a bill back; its split, payments and voucher use were reversed.",
        "{organisation}撤回一張帳單;其分帳、付款及醫療券使用已沖銷。",
        "{organisation}撤回一张账单;其分账、付款及医疗券使用已冲销。",
    ),
    "consent_given": (
        "The patient signed {consent} on {signed_at} (text {version}, {channel}).",
        "病人於{signed_at}簽署{consent}(文本{version},{channel})。",
        "病人于{signed_at}签署{consent}(文本{version},{channel})。",
    ),
    "consent_given_to": (
        "The patient signed {consent} for {recipient} on {signed_at} (text {version}, {channel}).",
        "病人於{signed_at}就{recipient}簽署{consent}(文本{version},{channel})。",
        "病人于{signed_at}就{recipient}签署{consent}(文本{version},{channel})。",
    ),
    "consent_withdrawn": (
        "The patient withdrew {consent}; nothing is sent on it from now on.",
        "病人撤回{consent};此後不再據此發送任何資料。",
        "病人撤回{consent};此后不再据此发送任何资料。",
    ),
    "consent_withdrawn_from": (
        "The patient withdrew {consent} for {recipient}; nothing is sent there on it from now on.",
        "病人就{recipient}撤回{consent};此後不再據此向其發送任何資料。",
        "病人就{recipient}撤回{consent};此后不再据此向其发送任何资料。",
    ),
    "papers_opened": (
        "{insurer} sent a claim with the papers of what its member paid at {hospital}.",
        "{insurer}提交單據索償,涉及其受保人於{hospital}已付的費用。",
        "{insurer}提交单据索偿,涉及其受保人于{hospital}已付的费用。",
    ),
    "cover_confirmed": (
        "{insurer} confirmed cover under the plan {plan}, with direct billing.",
        "{insurer}確認計劃{plan}承保,可直接結算。",
        "{insurer}确认计划{plan}承保,可直接结算。",
    ),
    "cover_refused": (
        "{insurer} does not bill directly for this patient ({reason}); the patient pays at "
        "the hospital.",
        "{insurer}不為此病人直接結算({reason});由病人在醫院付款。",
        "{insurer}不为此病人直接结算({reason});由病人在医院付款。",
    ),
    "voucher_found": (
        "The voucher account was found; the rate HKD 1 = CNY {rate} ({rate_id}) is fixed for "
        "this episode.",
        "已找到醫療券戶口;本個案匯率定為 HKD 1 = CNY {rate}({rate_id})。",
        "已找到医疗券户口;本个案汇率定为 HKD 1 = CNY {rate}({rate_id})。",
    ),
    "voucher_missing": (
        "No voucher account was found; nothing can be paid by voucher.",
        "找不到醫療券戶口;不能以醫療券付款。",
        "找不到医疗券户口;不能以医疗券付款。",
    ),
    "asked_answered": (
        "Asked {party} for {thing}; it answered.",
        "向{party}要求{thing};對方已回覆。",
        "向{party}要求{thing};对方已回复。",
    ),
    "asked_again_found": (
        "Asked {party} again for {thing}, looking under the same reference first (attempt "
        "{number}); it answered.",
        "再次向{party}要求{thing},先以同一編號查詢(第{number}次);對方已回覆。",
        "再次向{party}要求{thing},先以同一编号查询(第{number}次);对方已回复。",
    ),
    "asked_again_answered": (
        "Asked {party} again for {thing} (attempt {number}); it answered.",
        "再次向{party}要求{thing}(第{number}次);對方已回覆。",
        "再次向{party}要求{thing}(第{number}次);对方已回复。",
    ),
    "asked_unknown": (
        "Asked {party} for {thing} (attempt {number}): {reason}. It may have arrived, so the "
        "next attempt looks under the same reference first.",
        "向{party}要求{thing}(第{number}次):{reason}。對方可能已收到,下次會先以同一編號查詢。",
        "向{party}要求{thing}(第{number}次):{reason}。对方可能已收到,下次会先以同一编号查询。",
    ),
    "asked_unknown_reversed": (
        "Asked {party} for {thing} (attempt {number}): {reason}. It may have arrived, so it is "
        "reversed (2601) before it is sent again.",
        "向{party}要求{thing}(第{number}次):{reason}。對方可能已收到,故先沖正(2601)再重新發送。",
        "向{party}要求{thing}(第{number}次):{reason}。对方可能已收到,故先冲正(2601)再重新发送。",
    ),
    "asked_untrue": (
        "Asked {party} for {thing} (attempt {number}): {reason}. The answer is kept and changes "
        "nothing; it is asked again.",
        "向{party}要求{thing}(第{number}次):{reason}。答覆已存檔,未作任何更改;會再次查詢。",
        "向{party}要求{thing}(第{number}次):{reason}。答复已存档,未作任何更改;会再次查询。",
    ),
    "asked_not_taken": (
        "Asked {party} for {thing} (attempt {number}): {reason}. It was not taken and is "
        "asked again.",
        "向{party}要求{thing}(第{number}次):{reason}。對方未接收,會再次要求。",
        "向{party}要求{thing}(第{number}次):{reason}。对方未接收,会再次要求。",
    ),
    "asked_refused": (
        "Asked {party} for {thing} (attempt {number}): refused for good ({reason}).",
        "向{party}要求{thing}(第{number}次):已被最終拒絕({reason})。",
        "向{party}要求{thing}(第{number}次):已被最终拒绝({reason})。",
    ),
    "asked_interrupted": (
        "Asked {party} for {thing} (attempt {number}): our own worker stopped before an "
        "answer was kept; the next attempt goes on from there.",
        "向{party}要求{thing}(第{number}次):我方程序在保存答覆前中斷;由下次嘗試接續。",
        "向{party}要求{thing}(第{number}次):我方程序在保存答复前中断;由下次尝试接续。",
    ),
    "asked_open": (
        "Asked {party} for {thing} (attempt {number}); no answer is kept yet.",
        "向{party}要求{thing}(第{number}次);尚未有答覆。",
        "向{party}要求{thing}(第{number}次);尚未有答复。",
    ),
    "guarantee_granted": (
        "{insurer} guarantees up to {limit} under letter {letter}, valid until {until}.",
        "{insurer}擔保上限{limit},擔保函{letter},有效至{until}。",
        "{insurer}担保上限{limit},担保函{letter},有效至{until}。",
    ),
    "guarantee_rate": (
        "The rate {currency} 1 = CNY {rate} of {as_of} ({origin}) is fixed for amounts under the "
        "guarantee.",
        "擔保金額匯率定為{as_of}的 {currency} 1 = CNY {rate}({origin})。",
        "担保金额汇率定为{as_of}的 {currency} 1 = CNY {rate}({origin})。",
    ),
    "guarantee_rate_own": (
        "The rate {currency} 1 = CNY {rate} of {as_of} ({origin}), which {insurer} fixed for its "
        "own amounts, holds under the guarantee.",
        "擔保金額適用{insurer}自訂的匯率:{as_of}的 {currency} 1 = CNY {rate}({origin})。",
        "担保金额适用{insurer}自订的汇率:{as_of}的 {currency} 1 = CNY {rate}({origin})。",
    ),
    "guarantee_queued": (
        "{insurer} took the request for a letter of guarantee and answers later.",
        "{insurer}已收到擔保函申請,稍後答覆。",
        "{insurer}已收到担保函申请,稍后答复。",
    ),
    "guarantee_refused": (
        "{insurer} gives no letter of guarantee ({reason}).",
        "{insurer}不發出擔保函({reason})。",
        "{insurer}不发出担保函({reason})。",
    ),
    "guarantee_released": (
        "The guarantee of {insurer} was released: the rest of its reserved money is free.",
        "{insurer}的擔保已解除:餘下預留款項已釋放。",
        "{insurer}的担保已解除:余下预留款项已释放。",
    ),
    "admitted": (
        "{hospital} admitted the patient at {happened_at}.",
        "{hospital}於{happened_at}收病人入院。",
        "{hospital}于{happened_at}收病人入院。",
    ),
    "discharged": (
        "{hospital} discharged the patient at {happened_at}.",
        "病人於{happened_at}從{hospital}出院。",
        "病人于{happened_at}从{hospital}出院。",
    ),
    "bill_interim": (
        "{hospital} sent interim bill {number} version {version} over {total}; the forecast: "
        "{split}.",
        "{hospital}提交中期帳單{number}第{version}版,合計{total};預計:{split}。",
        "{hospital}提交中期账单{number}第{version}版,合计{total};预计:{split}。",
    ),
    "bill_final": (
        "{hospital} sent final bill {number} version {version} over {total}; the split: {split}.",
        "{hospital}提交最終帳單{number}第{version}版,合計{total};分帳:{split}。",
        "{hospital}提交最终账单{number}第{version}版,合计{total};分账:{split}。",
    ),
    "split_changed": (
        "Bill {number} version {version} was split anew because {reason}: {split}.",
        "帳單{number}第{version}版重新分帳,原因:{reason};結果:{split}。",
        "账单{number}第{version}版重新分账,原因:{reason};结果:{split}。",
    ),
    "left_out": (
        "Bill {number} version {version}, by the plan {plan}: {why}",
        "帳單{number}第{version}版,按計劃{plan}:{why}",
        "账单{number}第{version}版,按计划{plan}:{why}",
    ),
    "rules_used": (
        "Rules used for bill {number} version {version}: {rules}.",
        "帳單{number}第{version}版所用規則:{rules}。",
        "账单{number}第{version}版所用规则:{rules}。",
    ),
    "later_reimbursement": (
        "Beyond the guarantee's limit the patient pays now and can claim {amount} from "
        "{insurer} afterwards.",
        "超出擔保上限部分由病人先付,其後可向{insurer}索償{amount}。",
        "超出担保上限部分由病人先付,其后可向{insurer}索偿{amount}。",
    ),
    "patient_paid": (
        "The patient paid {amount} for bill {number} by {method} at {happened_at}.",
        "病人於{happened_at}以{method}就帳單{number}支付{amount}。",
        "病人于{happened_at}以{method}就账单{number}支付{amount}。",
    ),
    "patient_paid_back": (
        "The patient paid {amount} for bill {number} by {method} at {happened_at}; that "
        "payment was reversed later.",
        "病人於{happened_at}以{method}就帳單{number}支付{amount};該付款其後已沖銷。",
        "病人于{happened_at}以{method}就账单{number}支付{amount};该付款其后已冲销。",
    ),
}
"""By kind of line."""
