"""Editors see what the worker does, and have done again what failed."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [("home", "0020_bodies_links_and_reviews"), ("portal", "0014_jobs")]
    operations = [grant(*rights("portal", "jobreport", "job report", ("view", "change")))]
