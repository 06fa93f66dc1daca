from oscar.core.application import OscarConfig


class DashboardConfig(OscarConfig):
    """An empty place: Oscar's template tags look for an app of this label when Django loads them. No page, no URL."""

    label = "dashboard"
    name = "shop.forks.dashboard"
