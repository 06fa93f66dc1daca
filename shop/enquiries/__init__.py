"""« Réserver sans acheter » and « Appelez-moi », at merchants who sell nothing online (docs/requests.md)."""
