"""Whose bug a fault re-tells: the addresses of the threads that its source names."""

from __future__ import annotations

import re

OWNERS = {  # of projects that are named without theirs
    "burn": "tracel-ai", "candle": "huggingface", "chainer": "chainer", "deeplearning4j": "deeplearning4j", "jax": "jax-ml",
    "mlpack": "mlpack", "neural-fortran": "modern-fortran", "nntrainer": "nntrainer", "pytorch": "pytorch",
    "tensorflow": "tensorflow", "tiny-dnn": "tiny-dnn", "tt-metal": "tenstorrent", "attorch": "BobMcDear",
    "GraphSAGE": "williamleif", "mistnet": "davharris", "lightning-bolts": "Lightning-Universe",
}  # fmt: skip
PROJECT = re.compile(r"([\w.-]+(?:/[\w.-]+)?) ((?:PR)?#\d+(?:[ ,/(]+(?:PR)?#\d+\)?)*)")
THREAD = re.compile(r"(PR)?#(\d+)")


def links(source: str) -> tuple[str, ...]:
    """The address of each issue and pull request on GitHub that the source names with its project; () for folklore."""
    found = dict[str, None]()
    for project, threads in PROJECT.findall(source):
        full = project if "/" in project else f"{OWNERS.get(project, '')}/{project}"
        for pull, number in THREAD.findall(threads) if not full.startswith("/") else ():
            found[f"https://github.com/{full}/{'pull' if pull else 'issues'}/{number}"] = None
    return tuple(found)
