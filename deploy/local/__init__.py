"""PostgreSQL and Elasticsearch for a laptop, the demo and the tests.

Standard library only, and no Django: this runs before anything is installed or configured.
"""


class Unavailable(Exception):
    """A service or a tool cannot be had. The message is one sentence or two: what, and what to do."""
