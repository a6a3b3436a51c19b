"""One insurer's claim system: FHIR R4 over HTTPS, with answers by signed callback."""
