"""`cnnbp verify --cluster`: the same tasks on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .folder import Mistake

if TYPE_CHECKING:
    from ..run.cluster import Cluster


@contextmanager
def joined(address: str | None) -> Iterator[Cluster | None]:
    """The cluster at this address; None without one. Raises Mistake."""
    if address is None:
        yield None
        return
    if find_spec("distributed") is None:
        raise Mistake('--cluster: Dask\'s distributed is not installed: pip install "cnnbp[cluster]"')
    from ..run.cluster import Cluster
    from ..run.processes import Failed

    try:
        cluster = Cluster(address)
    except Failed as failure:
        raise Mistake(f"--cluster {failure}") from failure
    with cluster:
        yield cluster
