"""What a buyer and a merchant write each other about one order, through the portal (docs/messages.md)."""
