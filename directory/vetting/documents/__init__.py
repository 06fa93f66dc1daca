"""Documents that prove who a merchant is: taken in by content, kept encrypted, shown to few, deleted in time."""
