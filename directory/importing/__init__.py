"""Merchants from a CSV file: read it, check each row, merge it with what people have written since."""
