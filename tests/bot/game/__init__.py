"""Tests of the rules: small stories with the expected values written out."""
