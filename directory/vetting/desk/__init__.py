"""The editors' side of vetting in Wagtail's admin: applications by their term, merchants to be checked, the journal."""
