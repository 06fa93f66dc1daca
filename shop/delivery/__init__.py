"""Delivery: how a merchant brings or sends what was bought, for which fee, to whom, on which rounds.

docs/delivery.md tells the rules with worked numbers. ``ways`` is pure; ``models`` and ``guards`` hold what the database
keeps and refuses; ``offers`` says what a basket's merchants offer; ``choosing`` is the checkout's part.
"""
