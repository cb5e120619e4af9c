"""The whole app in a simulated week: a shaky platform, repeated presses, restarts in mid-delivery."""
