"""What stands behind the API: intake, directory, reads, documents and callbacks."""
