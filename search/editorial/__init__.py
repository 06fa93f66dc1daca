"""Synonyms and promoted answers that editors write, in force without a deploy."""
