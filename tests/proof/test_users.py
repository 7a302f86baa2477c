"""Whose a file is, and how a line of it is told; what stands elsewhere is watched, and what is done elsewhere is not proved."""

from __future__ import annotations

import contextlib
import logging
import sysconfig
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnnbp.layers.checks
import cnnbp.layers.conv2d
import cnnbp.proof.prove
from cnnbp import Dense, ReLU, from_functions, prove
from cnnbp.proof.users import hands_over, theirs, told

from .given import Given


def test_files_are_the_users_or_not() -> None:
    assert all(map(theirs, (__file__, cnnbp.layers.conv2d.__file__)))
    assert not any(map(theirs, (np.__file__, contextlib.__file__, "<frozen os>", "flint/types/arb.pyx", pytest.__file__)))
    assert not any(map(theirs, (cnnbp.proof.prove.__file__, cnnbp.layers.checks.__file__)))
    assert not theirs(str(Path(np.__file__).parents[1] / "coverage" / "tracer.py"))


@pytest.mark.parametrize("name", ["numpy_ml/layers.py", "torchish/__init__.py", "mylayers.py", "cnnbp_more/proof.py"])
def test_what_is_installed_is_the_users_but_for_libraries(name: str) -> None:
    """Whoever calls it; a name that begins as a library's is another."""
    assert theirs(str(Path(sysconfig.get_path("purelib")) / name))
    assert theirs(f"/usr/lib/python3/dist-packages/{name}")


@pytest.mark.parametrize(
    ("method", "away"),
    [(ThreadPoolExecutor.submit, True), (threading.Thread.start, True), (threading.Event.wait, True), (Process.start, True),
     (threading.Thread.__init__, False), (logging.Logger.info, False)],
)  # fmt: skip
def test_work_that_is_handed_over_is_known_by_whom_it_is_asked_of(method: Any, away: bool) -> None:
    assert hands_over(method.__code__.co_filename, method.__name__) == away
    assert not hands_over(__file__, method.__name__)


def test_a_line_is_told_with_its_text() -> None:
    assert told(__file__, 1) == f"test_users.py, line 1: {__doc__!r}".replace("'", '"""')
    assert told("nowhere.py", 3) == "nowhere.py, line 3"


INSTALLED = """
import numpy as np

def forward(x, w):
    return x @ w.T

def backward(delta, x, w):
    if x.dtype != object:
        delta = np.where(np.abs(x).max() > 2.0**40, 0, delta)
    return delta @ w, delta.T @ x
"""


@pytest.mark.parametrize("adapted", [True, False])
def test_layers_of_an_installed_package_are_watched(adapted: bool) -> None:
    """Be they adapted, or called by a layer that stands elsewhere."""
    package: dict[str, Any] = {}
    file = str(Path(sysconfig.get_path("purelib")) / "numpy_layers" / "layers.py")
    exec(compile(INSTALLED, file, "exec"), package)
    layer = (from_functions if adapted else Given)(package["forward"], package["backward"])
    proof = prove(layer, (2, 3), (2, 3), like=Dense())
    assert proof.status == "abstains"
    assert "layers.py, line 8" in proof.reason


POOL = ThreadPoolExecutor(1)


def _in_a_pool(work: Callable[[], Any]) -> Any:
    return POOL.submit(work).result()


def _in_a_thread(work: Callable[[], Any]) -> Any:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("run", [_in_a_pool, _in_a_thread])
@pytest.mark.parametrize("like", [None, Dense()])
def test_what_another_thread_computes_is_not_proved(run: Callable[[Callable[[], Any]], Any], like: Any) -> None:
    """There it may branch where nobody sees it. The thread of a pool may have been running long before."""
    assert run(lambda: 1) == 1

    def forward(x: Any, w: Any) -> Any:
        def work() -> Any:
            return x @ w.T if x.dtype == object else np.where(np.abs(x).max() > 2.0**40, 0, x @ w.T)

        return run(work)

    proof = prove(Given(forward, Dense().backward), (2, 3), (2, 3), like=like)
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("abstains", "proof.another-thread")
    assert "test_users.py" in proof.reason


def test_what_is_written_down_is_no_computation(caplog: pytest.LogCaptureFixture) -> None:
    """A layer may print and log what it does."""

    def forward(x: Any) -> Any:
        print(x.shape, flush=True)
        logging.getLogger("layer").warning("forward of %s", x.shape)
        return np.maximum(x, 0)

    assert prove(Given(forward, ReLU().backward), (2,))


def test_what_another_thread_compares_has_no_answer() -> None:
    def backward(delta: Any, x: Any) -> Any:
        return delta * (x > 0) * (2 if _in_a_pool(lambda: np.all(x > 9)) else 1)

    proof = prove(Given(ReLU().forward, backward), (2,), like=ReLU())
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("abstains", "proof.another-thread")
