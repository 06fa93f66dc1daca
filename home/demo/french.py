"""Names as people say them; their grammar is portal.grammar's."""


def spoken(town_name: str) -> str:
    """Return a town's name as people say it: "Lyon 3e Arrondissement" is "Lyon 3e"."""
    return town_name.replace(" Arrondissement", "").replace("'", "’")
