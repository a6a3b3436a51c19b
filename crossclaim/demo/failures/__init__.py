"""What fails in real life: each failure is made to happen in the running system, and ends well."""
