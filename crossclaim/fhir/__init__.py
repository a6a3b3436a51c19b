"""Our rows as FHIR R4 resources: pure functions, and what is said about them."""
