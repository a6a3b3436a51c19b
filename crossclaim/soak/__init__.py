"""Many mixed episodes on a stack of their own while everything around them fails at random."""
