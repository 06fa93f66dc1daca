"""The public registers, played on this machine and asked over HTTP as the real ones are."""

import pytest
from django.core.cache import cache

from deploy.local.fake_register import FakeRegister
from directory.vetting import public_service


@pytest.fixture
def register(db, settings, monkeypatch):
    """« Recherche d'entreprises » and BODACC with all scenarios; nobody waits long for what is tried again."""
    server = FakeRegister()
    server.start()
    settings.REGISTER_URL = settings.BODACC_URL = server.url
    monkeypatch.setattr(public_service, "PAUSE", 0.01)
    cache.clear()
    yield server
    server.close()
