"""The demonstration: the example files sent as a hospital would, and every figure checked."""
