"""Tasks on a cluster: the evidence is that of one machine, whoever dies on the way; a cluster that is not there is a wrong call."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cnnbp.cli.main import main
from cnnbp.evidence import file
from cnnbp.run import cluster as clusters
from cnnbp.run.journal import Journal
from cnnbp.run.processes import Failed
from tests.run.results import RUN, recalled
from tests.run.work import once, perform
from tests.small_run import SMALL, plan

LOCAL = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0", "silence_logs": "CRITICAL"}
WITHOUT = "Dask's distributed is not installed: pip install 'cnnbp[cluster]'"


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """A cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed", reason=WITHOUT)
    with distributed.LocalCluster(**LOCAL) as cluster:
        yield cluster


def without(path: Path) -> str:
    """Everything but where it comes from."""
    found = json.loads((path / "evidence.json").read_text(encoding="utf-8"))
    del found["provenance"]
    return json.dumps(found)


def test_the_evidence_is_that_of_one_machine(workers: Any, tmp_path: Path) -> None:
    """Byte for byte, but for where it comes from, although a worker is killed on the way."""
    assert main([*SMALL, str(tmp_path / "one")], plan) == 0
    add, killed = Journal.add, next(iter(workers.workers.values())).pid

    def killing(self: Journal, task: Any, found: Any) -> None:
        add(self, task, found)
        if len(self.done) == 1:
            os.kill(killed, signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "add", killing)
        assert main([*SMALL, str(tmp_path / "two"), "--cluster", workers.scheduler_address], plan) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(killed, 0)
    assert without(tmp_path / "two") == without(tmp_path / "one")
    assert file.read(tmp_path / "two" / "evidence.json").provenance.jobs == 2


def test_a_worker_that_dies_costs_nothing(workers: Any, tmp_path: Path) -> None:
    """Its task starts again elsewhere."""
    with clusters.Cluster(workers.scheduler_address) as found:
        names = [str(tmp_path / str(number)) for number in range(12)]
        assert sorted(found.carry_out(names, once)) == [(name, name) for name in sorted(names)]
    assert (tmp_path / "0.died").exists()


def test_a_task_that_raises_is_named(workers: Any) -> None:
    """As on this machine."""
    with clusters.Cluster(workers.scheduler_address) as found, pytest.raises(Failed, match=r"^raise no: ValueError: no "):
        dict(found.carry_out(["raise no"], perform))


def test_another_source_is_refused(workers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And other versions."""
    mine = clusters._fingerprint()
    monkeypatch.setattr(clusters, "_fingerprint", lambda: (*mine[:-1], "torch 0.1"))
    with (
        clusters.Cluster(workers.scheduler_address) as found,
        pytest.raises(Failed, match=r"other sources or versions: torch .* instead"),
    ):
        dict(found.carry_out(["square 7"], perform))


def test_a_worker_says_what_is_other_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sources, its versions, or that it was started with more threads than one; else it does the task."""
    mine = clusters._fingerprint()
    for name in clusters.THREADS:
        monkeypatch.setenv(name, "1")
    assert clusters._asked("square 7", perform, mine) == ("49", "")
    assert clusters._asked("square 7", perform, ("0" * 64, *mine[1:]))[0] is None
    monkeypatch.delenv("OMP_NUM_THREADS")
    found, trouble = clusters._asked("square 7", perform, mine)
    assert found is None
    assert "without OMP_NUM_THREADS=1" in trouble


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tls://127.0.0.1:9", "nowhere", ""])
def test_no_scheduler_is_a_wrong_call(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, and nothing is computed; no client is made, which would wait for itself at the end of the program."""
    distributed = pytest.importorskip("distributed", reason=WITHOUT)
    monkeypatch.setattr(clusters, "PATIENCE", 0.2)
    monkeypatch.setattr(distributed, "Client", None)
    assert main([*RUN, str(tmp_path), "--cluster", address], recalled) == 2
    assert f"the cluster at {address}: no scheduler answers there" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_distributed_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """And not that a module is missing."""
    monkeypatch.setattr("cnnbp.cli.clusters.find_spec", lambda name: None)
    assert main([*RUN, str(tmp_path), "--cluster", "tcp://127.0.0.1:9"], recalled) == 2
    assert 'pip install "cnnbp[cluster]"' in capsys.readouterr().err


def test_a_cluster_that_goes_away_ends_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With one sentence, exit status 2, and what was done."""
    distributed = pytest.importorskip("distributed", reason=WITHOUT)
    add = Journal.add
    with distributed.LocalCluster(**{**LOCAL, "n_workers": 1}) as cluster, pytest.MonkeyPatch.context() as patch:

        def closing(self: Journal, task: Any, found: Any) -> None:
            add(self, task, found)
            if len(self.done) == 1:
                cluster.close(timeout=5)

        patch.setattr(Journal, "add", closing)
        patch.setattr(clusters, "AHEAD", 1)
        assert main([*RUN, str(tmp_path), "--cluster", cluster.scheduler_address], recalled) == 2
    assert "went away while it had" in capsys.readouterr().err
    assert file.read(tmp_path / "evidence.json").status == "incomplete"
