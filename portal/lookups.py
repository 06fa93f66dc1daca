"""The lookup ``among``, which every field has from the start (portal/apps.py)."""

from typing import Any

from django.db.models import Field, ForeignObject, Lookup


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """``field__among=[…]``: ``in``, in SQL that is the same whatever the length of the list."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = any(%s)", (*params, list(self.rhs))
