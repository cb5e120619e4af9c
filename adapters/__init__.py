"""One folder per platform, each translating between the platform and the bot."""
