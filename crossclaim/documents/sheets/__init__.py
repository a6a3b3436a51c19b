"""What stands on each paper that we issue, in three languages, apart from how it is set."""
