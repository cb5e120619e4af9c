"""Tests of the adapter for Discord."""
