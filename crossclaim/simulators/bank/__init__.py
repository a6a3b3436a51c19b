"""One bank's host-to-host file desk, ISO 20022 over two folders."""
