"""Who may be in the directory: what people applied for, what was checked of a merchant, what was decided, by whom."""
