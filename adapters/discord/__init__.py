"""Discord: what its gateway says -> presses, our messages -> Components V2, and calls within its limits."""
