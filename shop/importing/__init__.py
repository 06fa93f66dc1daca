"""Articles from a file that a merchant has: read (sheets), understood (formats), compared (plan), stored (storing)."""
