"""The shop-window kit: a poster and a sticker whose QR code leads to the merchant's page, whatever it is called."""
