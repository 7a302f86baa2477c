"""Real input: the 1,797 handwritten digits of the UCI set, 8×8 pixels, shipped with the package."""

from __future__ import annotations

import csv
import gzip
from importlib import resources
from pathlib import Path

import numpy as np

from .rounding import Array

SOURCE = "UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak, 1998, doi:10.24432/C50P49), CC BY 4.0"


def load(path: Path | None = None) -> tuple[Array, Array]:
    """Images (n, 1, 8, 8) scaled to [0, 1], and one-hot targets (n, 10). `path`: another gzipped CSV of that form.

    Raises OSError for a file that cannot be read, ValueError for one of another form.
    """
    if path is None:
        with resources.files("cnnbp").joinpath("data", "digits.csv.gz").open("rb") as raw, gzip.open(raw, "rt") as file:
            rows = np.array(list(csv.reader(file)), float)
    else:
        with gzip.open(path, "rt") as file:
            rows = np.array(list(csv.reader(file)), float)
    if rows.ndim != 2 or rows.shape[1] != 65 or not np.all((rows[:, :64] >= 0) & (rows[:, :64] <= 16)):
        raise ValueError(f"digits must be lines of 64 pixels from 0 to 16 and a label, got an array of shape {rows.shape}")
    labels = rows[:, 64].astype(int)
    return rows[:, :64].reshape(-1, 1, 8, 8) / 16, np.eye(10)[labels]
