"""An insurer that is reached over an HCX-style exchange: the same desk behind another wire."""
