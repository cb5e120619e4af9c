"""Tests of the wake-ups that follow a commit."""
