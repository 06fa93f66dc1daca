"""The editors' desk in Wagtail's admin: what awaits them, what is ageing, and what to mend before publishing."""
