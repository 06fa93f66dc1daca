"""A merchant's card on other people's sites: one frame, no script, no cookie."""
