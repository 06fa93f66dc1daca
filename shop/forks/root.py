from oscar.core.application import OscarConfig


class ShopConfig(OscarConfig):
    """Oscar's own keeps each of its apps' configurations for its URLs, the dashboard's too; we use none of them."""

    name = "oscar"

    def ready(self) -> None:
        import oscar.checks  # noqa: F401
