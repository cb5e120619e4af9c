"""Decks and campaigns as files, and the code that reads and checks them."""
