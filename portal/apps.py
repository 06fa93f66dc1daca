from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import checks, statements  # noqa: F401 - register the checks, and the lookup ``among``
