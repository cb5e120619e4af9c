"""The game itself: pure rules on plain values. No I/O, no clock, no randomness of its own."""
