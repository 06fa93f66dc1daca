from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import statements  # noqa: F401 - registers the lookup ``among``
