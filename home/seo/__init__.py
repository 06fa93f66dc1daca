"""What makes the portal found: sitemaps, feeds, social pictures, and the audit of our own pages."""
