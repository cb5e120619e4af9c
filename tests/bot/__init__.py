"""Tests of `bot`, in the same folders."""
