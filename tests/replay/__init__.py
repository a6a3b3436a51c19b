"""Recorded histories of both episodes, replayed by the workflows as they are now."""
