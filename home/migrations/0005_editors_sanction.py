"""Editors read procedures against merchants, keep the list of trusted flaggers, and answer complaints."""

from django.db import migrations

from portal.editors import grant, rights


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0004_reports_and_complaints"),
        ("directory", "0008_sanctions_mandates_documents"),
    ]

    operations = [
        grant(
            *rights("directory", "sanction", "procédure", ("view",)),
            *rights("home", "trustedflagger", "signaleur de confiance"),
            *rights("home", "complaint", "réclamation", ("view", "change")),
        )
    ]
