"""« Signaler »: reports of illegal or wrong content by anybody, and their handling (DSA art. 16)."""
