"""The editors' side of merchants in Wagtail's admin: finding them, reading and correcting their pages."""
