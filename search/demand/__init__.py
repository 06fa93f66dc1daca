"""What people look for and whether they find it, counted so that nobody can be found in it."""
