"""The outside parties as processes of their own; they know nothing of the rest of crossclaim."""
