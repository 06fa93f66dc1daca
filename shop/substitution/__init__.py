"""Another article for one that is missing: its merchant proposes it, its buyer answers (docs/orders.md)."""
