"""« Signaler » : what anybody may tell us is wrong with a page, and what becomes of it (DSA art. 16)."""
