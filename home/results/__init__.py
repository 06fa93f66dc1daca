"""The public ledger of results: what the portal brought each month, and what it cost."""
