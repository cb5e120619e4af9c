"""Tests of the package `storage`, on real databases."""
