"""Tests that drive the whole program in a browser."""
