"""惠民就医, Dongguan's pay-after-care: accounts, bound cards, the bank's credit, over HTTPS."""
