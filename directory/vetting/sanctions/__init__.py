"""Sanctions: what is held against a merchant, her answer, the decision, its effects, the appeal, the end."""
