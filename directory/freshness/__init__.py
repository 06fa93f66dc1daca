"""The freshness contract: what happens to a page whose opening hours nobody confirms, and how they are confirmed."""
