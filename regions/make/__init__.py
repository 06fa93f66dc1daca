"""Writes the places of a region from public sources: ``python -m regions.make 53 bretagne --sources FOLDER``.

regions/README.md tells where the sources come from, and what is left to write by hand.
"""
