"""The option that writes the gallery anew: `pytest tests/gallery --update-gallery`."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-gallery", action="store_true", help="write the gallery's files anew")
