"""« Renoncer au contrat ici »: a buyer's right to give up what was bought, in two steps, without an account.

docs/withdrawal.md tells the rules with worked numbers.
"""
