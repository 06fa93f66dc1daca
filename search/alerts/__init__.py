"""« Prévenez-moi » : an e-mail when a merchant arrives that a search looked for in vain."""
