"""How often merchants are looked at, by week: sums that tell of nobody."""
