"""What a story says of claims, payouts, the bank, exceptions and the run that follows it all."""

from __future__ import annotations

from crossclaim.domain import story_bureau_words
from crossclaim.domain.story_phrase import Triple

SENTENCES: dict[str, Triple] = {
    "claim_due": (
        "Claim {reference} on {insurer} for the hospital's bill {number} became due; "
        "{forecast} is expected.",
        "就醫院帳單{number}向{insurer}的索償{reference}已到期提交;預計{forecast}。",
        "就医院账单{number}向{insurer}的索偿{reference}已到期提交;预计{forecast}。",
    ),
    "claim_statement": (
        "{insurer} is told that {other} pays {paid} ({benefit}) of bill {number}, and no more of"
        " it.",
        "已告知{insurer}:{other}就帳單{number}賠付{paid}({benefit}),其他資料一概不提供。",
        "已告知{insurer}:{other}就账单{number}赔付{paid}({benefit}),其他资料一概不提供。",
    ),
    "claim_due_voucher": (
        "Voucher claim {reference} for bill {number} became due: {forecast}.",
        "帳單{number}的醫療券申報{reference}已到期提交:{forecast}。",
        "账单{number}的医疗券申报{reference}已到期提交:{forecast}。",
    ),
    "claim_due_reimbursement": (
        "The patient asked for reimbursement: claim {reference} on {insurer} for bill "
        "{number}; {forecast} is expected.",
        "病人申請發還:就帳單{number}向{insurer}的索償{reference};預計{forecast}。",
        "病人申请发还:就账单{number}向{insurer}的索偿{reference};预计{forecast}。",
    ),
    "claim_queued": (
        "{insurer} took claim {reference} and decides later.",
        "{insurer}已收到索償{reference},稍後決定。",
        "{insurer}已收到索偿{reference},稍后决定。",
    ),
    "claim_decided": (
        "{insurer} decided claim {reference}: {result}, benefit {benefit}; {pay} is to be "
        "paid out.",
        "{insurer}就索償{reference}作出決定:{result},賠償{benefit};須支付{pay}。",
        "{insurer}就索偿{reference}作出决定:{result},赔偿{benefit};须支付{pay}。",
    ),
    "claim_decided_here": (
        "Claim {reference} was decided by the rules kept here for {insurer}: {result}, "
        "benefit {benefit}; {pay} is to be paid out.",
        "索償{reference}按本系統為{insurer}保存的規則作出決定:{result},賠償{benefit};須支付{pay}。",
        "索偿{reference}按本系统为{insurer}保存的规则作出决定:{result},赔偿{benefit};须支付{pay}。",
    ),
    "claim_denied": (
        "{insurer} decided claim {reference}: nothing is paid.",
        "{insurer}就索償{reference}作出決定:不予賠償。",
        "{insurer}就索偿{reference}作出决定:不予赔偿。",
    ),
    "claim_voucher_taken": (
        "The eHealth System (Subsidies) took claim {reference}: {benefit} of vouchers are used.",
        "醫健通(資助)系統已接納申報{reference}:使用醫療券{benefit}。",
        "医健通(资助)系统已接纳申报{reference}:使用医疗券{benefit}。",
    ),
    "claim_voucher_failed": (
        "Voucher claim {reference} was not taken; the bill is split without it.",
        "醫療券申報{reference}未獲接納;帳單按不使用醫療券分帳。",
        "医疗券申报{reference}未获接纳;账单按不使用医疗券分账。",
    ),
    "claim_voided": (
        "Voucher claim {reference} was taken back.",
        "醫療券申報{reference}已撤回。",
        "医疗券申报{reference}已撤回。",
    ),
    "claim_stopped": (
        "Claim {reference} stands still until a person acts.",
        "索償{reference}已停止,須由人員處理。",
        "索偿{reference}已停止,须由人员处理。",
    ),
    "payout_reserved": (
        "Payout {reference} was fixed: {amount} from {insurer} to {payee} through {bank}.",
        "定下付款{reference}:由{insurer}經{bank}向{payee}支付{amount}。",
        "定下付款{reference}:由{insurer}经{bank}向{payee}支付{amount}。",
    ),
    "payout_replaces": (
        "Payout {reference} takes the place of {old}.",
        "付款{reference}取代{old}。",
        "付款{reference}取代{old}。",
    ),
    "order_sent": (
        "The order for payout {reference} ({amount}) was handed to {bank}.",
        "付款{reference}({amount})的指示已交予{bank}。",
        "付款{reference}({amount})的指示已交予{bank}。",
    ),
    "order_sent_again": (
        "The order for payout {reference} ({amount}) was handed to {bank} again (file "
        "{number}), after the bank had proved that it has no such payment.",
        "銀行證實沒有該筆付款後,付款{reference}({amount})的指示再次交予{bank}(第{number}個檔案)。",
        "银行证实没有该笔付款后,付款{reference}({amount})的指示再次交予{bank}(第{number}个档案)。",
    ),
    "order_written": (
        "The order for payout {reference} ({amount}) is written and not yet handed to {bank}.",
        "付款{reference}({amount})的指示已寫好,尚未交予{bank}。",
        "付款{reference}({amount})的指示已写好,尚未交予{bank}。",
    ),
    "bank_asked": (
        "Asked {bank} how payout {reference} stands (inquiry {number}).",
        "向{bank}查詢付款{reference}的狀況(第{number}次)。",
        "向{bank}查询付款{reference}的状况(第{number}次)。",
    ),
    "bank_awaited": (
        "{bank} has not said how payout {reference} stands and takes no questions; its "
        "statement is awaited.",
        "{bank}未說明付款{reference}的狀況,亦不接受查詢;等待其結單。",
        "{bank}未说明付款{reference}的状况,亦不接受查询;等待其结单。",
    ),
    "bank_accepted": (
        "{bank} accepted payout {reference}; that is no proof of payment yet.",
        "{bank}已接納付款{reference};此時仍未證明已付款。",
        "{bank}已接纳付款{reference};此时仍未证明已付款。",
    ),
    "bank_settled": (
        "{bank} settled payout {reference} at {happened_at}; the payee's credit is not proved"
        " by it.",
        "{bank}於{happened_at}已結算付款{reference};尚未證明收款人已入帳。",
        "{bank}于{happened_at}已结算付款{reference};尚未证明收款人已入账。",
    ),
    "bank_booked": (
        "{bank} lists payout {reference} as a debit on its statement of {happened_at}.",
        "{bank}在{happened_at}的結單列出付款{reference}為支出。",
        "{bank}在{happened_at}的结单列出付款{reference}为支出。",
    ),
    "bank_credited": (
        "{bank} confirms payout {reference}: the payee's account was credited at {happened_at}.",
        "{bank}確認付款{reference}:收款人帳戶已於{happened_at}入帳。",
        "{bank}确认付款{reference}:收款人账户已于{happened_at}入账。",
    ),
    "bank_credited_amount": (
        "{bank} confirms payout {reference}: {amount} was credited to the payee's account at "
        "{happened_at}.",
        "{bank}確認付款{reference}:{amount}已於{happened_at}存入收款人帳戶。",
        "{bank}确认付款{reference}:{amount}已于{happened_at}存入收款人账户。",
    ),
    "bank_rejected": (
        "{bank} rejected payout {reference} ({reason}); no money moved.",
        "{bank}拒絕付款{reference}({reason});款項未有移動。",
        "{bank}拒绝付款{reference}({reason});款项未有移动。",
    ),
    "bank_returned": (
        "{bank} returned the money of payout {reference} ({reason}).",
        "{bank}退回付款{reference}的款項({reason})。",
        "{bank}退回付款{reference}的款项({reason})。",
    ),
    "bank_duplicate": (
        "{bank} calls payout {reference} a duplicate; that says nothing about payment, so it "
        "is inquired about.",
        "{bank}稱付款{reference}重複;此不代表已付款,故會查詢。",
        "{bank}称付款{reference}重复;此不代表已付款,故会查询。",
    ),
    "bank_unknown_to_bank": (
        "{bank} has no payout {reference}, so far.",
        "{bank}目前沒有付款{reference}的紀錄。",
        "{bank}目前没有付款{reference}的纪录。",
    ),
    "exception_opened": (
        "A person must look: {what} ({reference}).",
        "須由人員處理:{what}({reference})。",
        "须由人员处理:{what}({reference})。",
    ),
    "exception_opened_code": (
        "A person must look: {what} ({reference}); the reason given: {reason}.",
        "須由人員處理:{what}({reference});所述原因:{reason}。",
        "须由人员处理:{what}({reference});所述原因:{reason}。",
    ),
    "exception_to_do": ("What to do: {do}", "處理方法:{do}", "处理方法:{do}"),
    "exception_resolved": (
        "Settled: {what} ({reference}).",
        "已處理:{what}({reference})。",
        "已处理:{what}({reference})。",
    ),
    "closed": (
        "Everything is paid or decided; the episode was closed.",
        "一切已支付或已決定;個案結束。",
        "一切已支付或已决定;个案结束。",
    ),
    "run_started": (
        "Crossclaim began to follow the episode.",
        "系統開始跟進個案。",
        "系统开始跟进个案。",
    ),
    "run_resumed": (
        "News came after the episode had ended; crossclaim follows it again.",
        "個案結束後有新事項;系統再次跟進。",
        "个案结束后有新事项;系统再次跟进。",
    ),
    "run_failed": (
        "The run that follows the episode ended otherwise than planned; a person must look.",
        "跟進個案的流程非正常結束;須由人員處理。",
        "跟进个案的流程非正常结束;须由人员处理。",
    ),
    "step_retried": (
        "It took {number} tries to {step}; the last failure: {reason}.",
        "共嘗試{number}次:{step};最後一次失敗:{reason}。",
        "共尝试{number}次:{step};最后一次失败:{reason}。",
    ),
    "step_failed": (
        "It was not possible to {step}: {reason}; a person must look.",
        "未能{step}:{reason};須由人員處理。",
        "未能{step}:{reason};须由人员处理。",
    ),
    "run_stuck": (
        "A worker could not go on with the run and tried again; if this repeats, a person "
        "must look.",
        "一個工作程序未能繼續流程並再次嘗試;如重複出現,須由人員處理。",
        "一个工作程序未能继续流程并再次尝试;如重复出现,须由人员处理。",
    ),
    "worker_lost": (
        "A worker stopped in the middle of its work; another one went on from the same place.",
        "一個工作程序中途停止;另一個由同一位置接續。",
        "一个工作程序中途停止;另一个由同一位置接续。",
    ),
    "retry_pending": (
        "Try {number} to {step} failed ({reason}); the next try is at {next_at}.",
        "第{number}次嘗試失敗({reason}):{step};下次嘗試時間為{next_at}。",
        "第{number}次尝试失败({reason}):{step};下次尝试时间为{next_at}。",
    ),
    "retry_running": (
        "Try {number} to {step} is under way; the one before failed ({reason}).",
        "正進行第{number}次嘗試:{step};上次失敗({reason})。",
        "正进行第{number}次尝试:{step};上次失败({reason})。",
    ),
    "step_running": ("Now under way: to {step}.", "正在進行:{step}。", "正在进行:{step}。"),
    "engine_silent": (
        "The workflow engine does not answer: this story is told from the rows alone, without"
        " retries, timers and restarts.",
        "工作流程引擎沒有回應:本紀錄只根據資料庫,不含重試、計時及重啟。",
        "工作流程引擎没有回应:本纪录只根据资料库,不含重试、计时及重启。",
    ),
    "archived_elsewhere": (
        "The engine's history of this episode is archived elsewhere: this story is told from the"
        " rows alone, without retries, timers and restarts.",
        "本個案的流程紀錄已於別處封存：本紀錄只根據資料庫，不含重試、計時及重啟。",
        "本个案的流程纪录已于别处封存：本纪录只根据资料库，不含重试、计时及重启。",
    ),
    "archive_silent": (
        "An archived run of this episode cannot be read: its retries and restarts are missing"
        " from this story.",
        "本個案一段封存紀錄無法讀取:本紀錄缺少其重試及重啟。",
        "本个案一段封存纪录无法读取:本纪录缺少其重试及重启。",
    ),
}
"""By kind of line."""

SENTENCES |= story_bureau_words.SENTENCES
