"""Whose a file is, and how a line of it is told."""

from __future__ import annotations

import contextlib
import logging
import sysconfig
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnnbp.layers.checks
import cnnbp.layers.conv2d
import cnnbp.proof.prove
from cnnbp.proof.users import hands_over, theirs, told


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
