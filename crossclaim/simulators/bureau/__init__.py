"""A healthcare security bureau: persons, visits, settlements, reconciliation."""
