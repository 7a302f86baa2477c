"""Sources that name a thread lead to it; folklore leads nowhere."""

from __future__ import annotations

import pytest

from cnnbp.faults import FAULTS
from cnnbp.faults.upstream import OWNERS, links

HUB = "https://github.com/"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("classic: = for +=", []),
        ("torch7-distro #20 (2012)", []),  # nobody knows whose
        ("f-dangel/backpack #30", ["f-dangel/backpack/issues/30"]),
        ("burn PR#1891 (#1877); jax #1", ["tracel-ai/burn/pull/1891", "tracel-ai/burn/issues/1877", "jax-ml/jax/issues/1"]),
        ("fujitsu/oneDNN #43 / PR#44", ["fujitsu/oneDNN/issues/43", "fujitsu/oneDNN/pull/44"]),
        ("pytorch #96225 (there at 2¹⁶ samples)", ["pytorch/pytorch/issues/96225"]),
    ],
)  # fmt: skip
def test_links(source: str, found: list[str]) -> None:
    assert links(source) == tuple(HUB + path for path in found)


def test_every_owner_is_needed() -> None:
    """Each project in the table is named by some source without its owner, and then leads somewhere."""
    for project, owner in OWNERS.items():
        assert any(f"{HUB}{owner}/{project}/" in link for fault in FAULTS for link in links(fault.source)), project


def test_many_are_upstream() -> None:
    """The catalogue re-tells; what has no thread says what kind of folklore it is, or that it was written against this harness."""
    linked = [fault for fault in FAULTS if links(fault.source)]
    assert len(linked) > 50
    assert all(fault.source.startswith(("classic", "adversary")) or "#" in fault.source for fault in FAULTS)
