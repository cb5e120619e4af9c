"""A process that ends at a chosen point, without a process: memory is gone, rows stay."""

from __future__ import annotations


class ProcessEnds(BaseException):
    """The process has ended here. Nothing of ours may catch it."""
