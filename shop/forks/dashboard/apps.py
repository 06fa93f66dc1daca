from oscar.apps.dashboard import apps


class DashboardConfig(apps.DashboardConfig):
    name = "shop.forks.dashboard"

    def ready(self) -> None:
        """Make the cells of all its tables harmless: buyers type their names."""
        from oscar.core.compat import UnicodeCSVWriter

        from portal.spreadsheets import harmless

        super().ready()
        write_row = UnicodeCSVWriter.writerow
        UnicodeCSVWriter.writerow = lambda writer, row: write_row(writer, [harmless(cell) for cell in row])
