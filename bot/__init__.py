"""The game, and the thin shell that runs it."""
