"""Cards of lots in chats, kept up to date. Where they stand, `ports.ShownCards` knows."""
