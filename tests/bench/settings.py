"""The portal's own settings, plus the plain page that gives the unit of cost."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
