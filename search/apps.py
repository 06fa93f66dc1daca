"""Regional search. Oscar owns the label ``search``, so ours is ``regional_search``."""

from django.apps import AppConfig


class RegionalSearchConfig(AppConfig):
    name = "search"
    label = "regional_search"
    verbose_name = "recherche régionale"
