"""What buyers say of a merchant once their order is handed over (docs/reviews.md)."""
