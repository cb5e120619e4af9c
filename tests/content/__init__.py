"""Tests of content: reading, refusing and checking files."""
