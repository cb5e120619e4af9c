"""The browser room: the game on a page, for those who have neither Slack nor Discord."""
