"""WSGI entry point: `gunicorn portal.wsgi`. All is loaded here, so that the first visitor waits for nothing."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

# What is loaded lives as long as the process: looking for garbage in it was a fifth of the start.
gc.disable()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Read by libpq, so that connections of web requests alone are bound: a row that somebody keeps locked, or a database
# that does not answer, must not hold up every page. Commands and the worker may take their time.
os.environ.setdefault("PGCONNECT_TIMEOUT", "3")  # seconds
os.environ.setdefault(
    "PGOPTIONS", "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
)

application = get_wsgi_application()

get_resolver().url_patterns  # noqa: B018 - Django would import the views, and what they import, at the first request
for name in ("home/home_page.html", "directory/town.html", "directory/merchant_page.html", "shop/product.html"):
    get_template(name)

gc.freeze()  # nor is it looked through later, so that workers forked from here go on sharing its memory
gc.enable()
