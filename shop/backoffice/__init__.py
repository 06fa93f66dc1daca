"""The Region's shop managers in Wagtail's admin: shops, articles, orders and whom to call about them.

They act through the functions that the merchants' own desk calls, and what they do enters the same histories.
"""
