"""Closing the portal, or pausing it: a plan that two people of the Region sign, and what it stops from which day."""
