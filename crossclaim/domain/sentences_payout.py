"""What the codes of payouts' routes, refusals and clocks say to people."""

from __future__ import annotations

from enum import StrEnum


class PayoutReason(StrEnum):
    """Codes on faults and trace steps of payouts; stable for ever."""

    PAYOUT_CONVERTED = "PAYOUT_CONVERTED"
    RAIL_NOT_FOR_PAYER = "RAIL_NOT_FOR_PAYER"
    RAIL_NOT_FOR_PAYEE = "RAIL_NOT_FOR_PAYEE"
    RAIL_NOT_FOR_PURPOSE = "RAIL_NOT_FOR_PURPOSE"
    RAIL_TOO_LATE = "RAIL_TOO_LATE"
    RAIL_EXPECTED = "RAIL_EXPECTED"
    RAIL_PAYMENT_LIMIT = "RAIL_PAYMENT_LIMIT"
    RAIL_DAY_LIMIT = "RAIL_DAY_LIMIT"
    RAIL_YEAR_LIMIT = "RAIL_YEAR_LIMIT"
    RAIL_CHOSEN = "RAIL_CHOSEN"
    RAIL_USE_NOT_STATED = "RAIL_USE_NOT_STATED"
    RAIL_NONE = "RAIL_NONE"
    ACCOUNT_NOT_CHECKED = "ACCOUNT_NOT_CHECKED"
    REFUSED_SEND_AGAIN = "REFUSED_SEND_AGAIN"
    REFUSED_NEEDS_ACCOUNT = "REFUSED_NEEDS_ACCOUNT"
    REFUSED_INQUIRE = "REFUSED_INQUIRE"
    REFUSED_STOP = "REFUSED_STOP"
    REFUSED_NEEDS_PERSON = "REFUSED_NEEDS_PERSON"
    PAYOUT_IN_TIME = "PAYOUT_IN_TIME"
    PAYOUT_CLOCK_RUNS = "PAYOUT_CLOCK_RUNS"
    PAYOUT_CLOCK_PAUSED = "PAYOUT_CLOCK_PAUSED"
    PAYOUT_SLA_BREACH = "PAYOUT_SLA_BREACH"


_R = PayoutReason

PAYOUT_TEXTS: dict[StrEnum, tuple[str, str, str]] = {
    _R.PAYOUT_CONVERTED: (
        "The net benefit of {net} is {amount} at the rate of {basis}, {rate}, rounded to the fen.",
        "淨賠款{net}按{basis}的匯率{rate}折合{amount},四捨五入至分。",
        "净赔款{net}按{basis}的汇率{rate}折合{amount},四舍五入至分。",
    ),
    _R.RAIL_NOT_FOR_PAYER: (
        "The rail {rail} does not carry payments of this kind of payer: {payer}.",
        "支付渠道{rail}不接受此類付款人:{payer}。",
        "支付渠道{rail}不接受此类付款人:{payer}。",
    ),
    _R.RAIL_NOT_FOR_PAYEE: (
        "The rail {rail} does not carry payments to this kind of payee: {payee}.",
        "支付渠道{rail}不接受此類收款人:{payee}。",
        "支付渠道{rail}不接受此类收款人:{payee}。",
    ),
    _R.RAIL_NOT_FOR_PURPOSE: (
        "The rail {rail} does not carry payments of the purpose {purpose}.",
        "支付渠道{rail}不接受用途為{purpose}的付款。",
        "支付渠道{rail}不接受用途为{purpose}的付款。",
    ),
    _R.ACCOUNT_NOT_CHECKED: (
        "It is the first payment to this account, and {bank} takes no question about account and"
        " name: what it says of the payment is the check.",
        "此為首次付至該帳戶,而{bank}不接受核對戶名與帳號的查詢,以其對該筆付款的回覆為準。",
        "此为首次付至该账户,而{bank}不接受核对户名与账号的查询,以其对该笔付款的回复为准。",
    ),
    _R.RAIL_TOO_LATE: (
        "By the rail {rail} the money is expected at {expected}, after it is due at {due}.",
        "經支付渠道{rail}預計於{expected}到帳,遲於期限{due}。",
        "经支付渠道{rail}预计于{expected}到账,迟于期限{due}。",
    ),
    _R.RAIL_EXPECTED: (
        "By the rail {rail} the money is expected at {expected}.",
        "經支付渠道{rail}預計於{expected}到帳。",
        "经支付渠道{rail}预计于{expected}到账。",
    ),
    _R.RAIL_PAYMENT_LIMIT: (
        "The rail {rail} carries {limit} in one payment at most; {net} is more. The payout is "
        "not split.",
        "支付渠道{rail}每筆上限{limit},{net}已超出。款項不會拆分。",
        "支付渠道{rail}每笔上限{limit},{net}已超出。款项不会拆分。",
    ),
    _R.RAIL_DAY_LIMIT: (
        "The rail {rail} carries {limit} a day; {used} of it are used, and {net} more is too much. "
        "The payout is not split.",
        "支付渠道{rail}每日上限{limit},當日已用{used},不足以支付{net}。款項不會拆分。",
        "支付渠道{rail}每日上限{limit},当日已用{used},不足以支付{net}。款项不会拆分。",
    ),
    _R.RAIL_YEAR_LIMIT: (
        "The rail {rail} carries {limit} a year; {used} of it are used, and {net} more is too "
        "much. The payout is not split.",
        "支付渠道{rail}每年上限{limit},本年已用{used},不足以支付{net}。款項不會拆分。",
        "支付渠道{rail}每年上限{limit},本年已用{used},不足以支付{net}。款项不会拆分。",
    ),
    _R.RAIL_CHOSEN: (
        "{amount} is paid in one sum by the rail {rail}.",
        "{amount}經支付渠道{rail}一筆支付。",
        "{amount}经支付渠道{rail}一笔支付。",
    ),
    _R.RAIL_USE_NOT_STATED: (
        "The rail {rail} has limits of a day and a year; state what was used of them before {on}.",
        "支付渠道{rail}設每日及每年上限;請提供{on}之前已用的金額。",
        "支付渠道{rail}设每日及每年上限;请提供{on}之前已用的金额。",
    ),
    _R.RAIL_NONE: (
        "No rail that is open on {on} carries this payout. A person must decide.",
        "{on}並無可用的支付渠道。須由人員決定。",
        "{on}并无可用的支付渠道。须由人员决定。",
    ),
    _R.REFUSED_SEND_AGAIN: (
        "The bank refused for {code}, a passing cause; the same payment is sent again under the "
        "same reference.",
        "銀行以{code}退回,屬暫時原因;以相同編號再次發送同一筆款項。",
        "银行以{code}退回,属暂时原因;以相同编号再次发送同一笔款项。",
    ),
    _R.REFUSED_NEEDS_ACCOUNT: (
        "The bank refused for {code}: the account cannot take the money. Ask the payee for "
        "another account; the new payment has a new reference.",
        "銀行以{code}退回:該帳戶無法收款。請向收款人索取另一帳戶;新付款使用新編號。",
        "银行以{code}退回:该账户无法收款。请向收款人索取另一账户;新付款使用新编号。",
    ),
    _R.REFUSED_INQUIRE: (
        "The bank says {code}; that proves nothing about money. Nothing is sent or counted as "
        "paid before the bank has answered an inquiry.",
        "銀行回覆{code},不能證明款項已付。在銀行答覆查詢前,不會再次發送,亦不視作已付。",
        "银行回复{code},不能证明款项已付。在银行答复查询前,不会再次发送,亦不视作已付。",
    ),
    _R.REFUSED_STOP: (
        "The bank refused for {code}; the payment stops and compliance must look at it.",
        "銀行以{code}退回;付款停止,須由合規人員處理。",
        "银行以{code}退回;付款停止,须由合规人员处理。",
    ),
    _R.REFUSED_NEEDS_PERSON: (
        "The bank refused for {code}, which no rule of ours knows. A person must decide.",
        "銀行以{code}退回,現有規則並無此原因。須由人員決定。",
        "银行以{code}退回,现有规则并无此原因。须由人员决定。",
    ),
    _R.PAYOUT_IN_TIME: (
        "The payee was credited on {credited}, in time: due was {due}.",
        "款項於{credited}到帳,未逾期限{due}。",
        "款项于{credited}到账,未逾期限{due}。",
    ),
    _R.PAYOUT_CLOCK_RUNS: (
        "The payout is due by {due}.",
        "款項最遲應於{due}到帳。",
        "款项最迟应于{due}到账。",
    ),
    _R.PAYOUT_CLOCK_PAUSED: (
        "The time for the payout stands still while another account is awaited; {left} are left.",
        "等待新帳戶期間,時限暫停計算;尚餘{left}。",
        "等待新账户期间,时限暂停计算;尚余{left}。",
    ),
    _R.PAYOUT_SLA_BREACH: (
        "The payout was due by {due} and was not credited by then. It goes on; a person must look "
        "at it.",
        "款項最遲應於{due}到帳,但逾期未到。付款繼續進行,須由人員跟進。",
        "款项最迟应于{due}到账,但逾期未到。付款继续进行,须由人员跟进。",
    ),
}
