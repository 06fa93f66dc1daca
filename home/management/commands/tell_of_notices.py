"""Send the editors the hourly e-mail on what was reported, if it is due; the worker runs this every minute."""

from django.core.management.base import BaseCommand

from home.reports import digest


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options) -> None:
        if (told := digest.send_due()) and options["verbosity"]:
            self.stdout.write(f"{told} reports told of")
