"""The portal's own settings; a busy machine must not make PostgreSQL answer where Elasticsearch is measured."""

from portal.settings import *  # noqa: F403

ELASTICSEARCH_TIMEOUT = 30
