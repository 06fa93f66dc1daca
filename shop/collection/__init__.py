"""When an order is collected: slots worked out from opening hours, their places, what shopper and merchant choose.

docs/collection.md tells the rules with worked numbers. ``slots`` is pure; ``rules`` holds what the database keeps and
refuses; ``offers`` brings both together.
"""
