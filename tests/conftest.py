"""One thread a process: the suite runs on processes, and more threads than cores would only wait for each other."""

from __future__ import annotations

import gc
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from pathlib import Path

import pytest
from hypothesis import settings

gc.set_threshold(100_000, 20, 20)  # hardly a test leaves cycles, and to look for them after each 700 arrays takes time

settings.register_profile("suite", deadline=None, derandomize=True, database=None)  # repeatable, and nothing is timed
settings.load_profile("suite")

SLOW = (  # what draws or starts most: `make test FAST=1` leaves it out
    "tests/cases/test_cases.py",
    "tests/cli",
    "tests/derivations",
    "tests/diagnosis/test_catalogue.py",
    "tests/evidence/test_changes.py",
    "tests/faults",
    "tests/operators",
    "tests/oracles/test_closed_form.py",
    "tests/oracles/test_dual_numbers.py",
    "tests/oracles/test_masked_network.py",
    "tests/oracles/test_noisy_difference.py",
    "tests/proof",
    "tests/report/test_browser.py",
    "tests/report/test_consistency.py",
    "tests/report/test_page.py",
    "tests/run",
    "tests/test_pytest_plugin.py",
    "tests/test_strategies.py",
    "tests/text/test_verdict.py",
    "tests/training",
    "tests/verification/methods/test_by_norm.py",
    "tests/verification/methods/test_estimated.py",
    "tests/verification/methods/test_integers.py",
    "tests/verification/test_network.py",
)


FIRST = (  # what takes longest in one piece: begun last, it would be waited for alone
    "tests/report/test_browser.py",
    "tests/test_strategies.py",
    "tests/derivations/post/test_post.py",
    "tests/derivations/post/test_mutants.py",
)


def pytest_collection_finish() -> None:
    """What was loaded stays loaded: the garbage collector need not go through it again and again."""
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first; whatever lies in one of the places of SLOW is marked as slow."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def methods_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """`verify` asks nothing about the contract, which takes half of its time and has tests of its own."""
    from cnnbp.verification.contract import points

    monkeypatch.setattr(points, "check", lambda *asked, **more: iter(()))


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of made-up results that holds."""
    from cnnbp.cli.main import main
    from tests.run.results import RUN, recalled

    folder = tmp_path_factory.mktemp("reports") / "new"
    assert main([*RUN, str(folder)], recalled) == 0
    return folder
