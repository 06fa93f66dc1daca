"""The read API, /api/v1/: what pages show, for programs."""
