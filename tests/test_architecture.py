"""The shape of the repository: layers, first lines, no addresses, and a wheel that stands alone."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "adapters", "content", "storage")


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _layers() -> set[str]:
    """The modules that the contract "Imports point down" names."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [c for c in config["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    return {name.strip(" ()") for layer in contract["layers"] for name in re.split(r"[|:]", layer)}


def _tracked() -> list[Path]:
    """Every file that is committed, or would be with `git add --all`."""
    # A checkout may belong to somebody else, as it does in a container.
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only a git checkout knows which files are committed")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_every_module_is_in_a_layer() -> None:
    layers = _layers()

    homeless = [
        module
        for module in map(_module, _files(*PACKAGES))
        if module != "bot"  # the whole, which the layers are made of
        and not any(module == layer or module.startswith(f"{layer}.") for layer in layers)
    ]

    assert homeless == []


def test_the_top_of_the_bot_imports_nothing_and_so_needs_no_layer() -> None:
    tree = ast.parse((ROOT / "bot" / "__init__.py").read_text(encoding="utf-8"))

    assert [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)] == []


def test_the_first_line_of_every_file_says_what_lives_in_it() -> None:
    silent = []
    for file in _files(*PACKAGES, "tests", "benchmarks"):
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        if not re.match(r'(r?"""|# )\S', first):
            silent.append(str(file.relative_to(ROOT)))

    assert silent == []


def test_no_committed_file_holds_a_download_address() -> None:
    # In pieces, or this file would be the first to be found.
    addresses = [
        "".join(pieces)
        for pieces in (
            ("py", "pi.org"),
            ("python", "hosted.org"),
            ("registry.npm", "js.org"),
            ("proxy.go", "lang.org"),
            ("cr", "ates.io"),
            ("gh", "cr.io"),
            ("docker", ".io"),
            ("jsde", "livr.net"),
            ("un", "pkg.com"),
            ("cdn", "js."),
            ("/sim", "ple/"),
            (" --index", "-url"),
            ("--extra-index", "-url"),
            ("--find", "-links"),
            ("INDEX", "_URL"),
        )
    ]

    found = [
        f"{file.relative_to(ROOT)}: {address}"
        for file in _tracked()
        for address in addresses
        if address.encode() in file.read_bytes()
    ]

    assert found == []


def test_the_locks_hold_versions_and_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text(encoding="utf-8")

        assert "://" not in lock
        assert lock.count("\n    --hash=sha256:") >= lock.count("==") > 0


def test_both_locks_agree_so_that_they_share_an_environment() -> None:
    def versions(name: str) -> set[str]:
        lock = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z][^ ]*==[^ ]+", lock, flags=re.MULTILINE))

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


@pytest.fixture
def clean_environment(tmp_path: Path) -> Path:
    """An environment with our locked dependencies in it and this folder not."""
    home = tmp_path / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    (site_packages,) = home.glob("lib/python*/site-packages")
    # Borrowed, so that nothing is downloaded. Python does not follow the borrowed
    # folder's own .pth files, and so does not find the way back to this one.
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def _run(folder: Path, *command: str | Path) -> str:
    """Run a command as if this folder did not exist, and return what it prints."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SHOES_", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=folder, env=outside, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _wheel(folder: Path) -> Path:
    _run(folder, *PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    ours = {str(file.relative_to(ROOT)) for file in _tracked()}

    with zipfile.ZipFile(_wheel(tmp_path)) as wheel:
        missing = {name for name in ours if name.partition("/")[0] in PACKAGES} - set(wheel.namelist())

    assert missing == set()


def test_the_wheel_works_in_another_environment_and_another_folder(
    clean_environment: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    python = clean_environment / "bin" / "python"

    _run(elsewhere, *PIP, "--python", python, "install", "--no-deps", "--no-index", _wheel(tmp_path))

    where = _run(elsewhere, python, "-c", "import bot; print(bot.__file__)").strip()
    assert Path(where).is_relative_to(clean_environment)
    _run(elsewhere, clean_environment / "bin" / "shoes", "check-content")
