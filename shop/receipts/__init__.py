"""Receipts in a merchant's name, once they mandate the portal for it, and their numbers (docs/receipts.md)."""
