"""Sanctions: what is held against a merchant, their answer, the decision, its effects, the appeal, the end."""
