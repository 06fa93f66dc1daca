"""Articles sold by weight: an estimate at the order, the scales' price at the desk, never above what was accepted.

docs/orders.md works the amounts out.
"""
