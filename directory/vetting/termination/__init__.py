"""Termination: an owner ends the contract on a day of their choice, changes their mind before, or comes back after."""
