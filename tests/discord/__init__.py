"""A Discord of our own, over real HTTP and WebSocket, for every test and for trying the bot by hand."""
