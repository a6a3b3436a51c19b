"""The steps of activities on real PostgreSQL, without the workflow engine."""
