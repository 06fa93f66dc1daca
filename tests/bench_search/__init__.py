"""What a search costs, beside Elasticsearch alone and PostgreSQL's own search: `make bench-search`; docs/search.md."""
