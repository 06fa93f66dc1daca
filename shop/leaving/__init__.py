"""Leaving: all that a merchant has here as one file, and the asking to be closed."""
