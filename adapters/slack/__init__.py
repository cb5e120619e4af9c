"""Slack: the game in a channel, with modals for forms."""
