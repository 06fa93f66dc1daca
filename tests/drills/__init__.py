"""Accidents played on purpose, on real services: ``python -m tests.drills``."""
