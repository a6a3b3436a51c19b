"""An acquirer for aggregate payment: wallets, digital RMB, cards, refunds and daily statements."""
