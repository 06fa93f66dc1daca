#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["services"]:  # must work before there is anything to configure
        from deploy.local.__main__ import main as services

        sys.exit(services(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
