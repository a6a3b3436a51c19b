"""The voucher system: accounts, rate, claims and voids over HTTPS with JSON."""
