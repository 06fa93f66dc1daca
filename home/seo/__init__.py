"""Search engine optimisation: sitemaps, feeds, social images, and an audit of our own pages."""
