"""`cnnbp faults`: a card with its message, the table of all, and exit statuses that say what they must."""

from __future__ import annotations

import pytest

from cnnbp import faults, layers
from cnnbp.cli.main import main

FEW = ("dense-db-mean", "conv-dw-groups-and-stride", "dense-transposed-kept")


def _run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    status = main(["faults", "--seed", "1", "--jobs", "1", *options])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of three wrong layers and one right one."""
    monkeypatch.setattr(faults, "FAULTS", tuple(fault for fault in faults.FAULTS if fault.id in FEW))
    monkeypatch.setattr(faults, "RIGHT", tuple(layer for layer in faults.RIGHT if layer.id == "dense-recursive"))


def test_a_card(capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong, when it shows, the address of the thread, what sees it and what does not, the message, how to repeat it."""
    status, out, _ = _run(capsys, "--id", "dense-db-mean")
    assert status == 0
    for told in (
        "db alone is averaged over the batch",
        "more than one sample",
        "https://github.com/kvfrans/notes/issues/5",
        "any case",
        "the bias gradient db is wrong",
        "again: cnnbp faults --id dense-db-mean --seed 1",
    ):
        assert told in out
    rows = {line.split(":")[0].strip(): line.split()[-2:] for line in out.splitlines() if ": " in line}
    assert rows["masked_dense"][1] == "25"
    assert rows["masked_dense"][0].isdecimal()
    assert rows["contract"][0] == "never" or rows["contract"][0].isdecimal()


def test_a_right_layer_has_a_card(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _run(capsys, "--id", "relu-by-absolute")
    assert status == 0
    assert "right, though unusual" in out
    assert "It fails at none of 25 drawn cases." in out
    told = {line.split()[0].rstrip(":,"): " ".join(line.split()[-2:]) for line in out.splitlines() if line.startswith("  ")}
    assert told["prove"] == told["verify"] == told["norms"] == "not asked"  # a right layer, of which nothing failed
    assert told["masked_dense"] == told["complex_step"] == "to say"  # "nothing to say": asked in vain


@pytest.mark.usefixtures("few")
def test_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    """The counts, what each method saw, and what nobody promises."""
    status, out, err = _run(capsys)
    assert status == 0
    assert "3 of 3 wrong layers caught within 200 drawn cases, 0 of 1 right one wrongly failed" in out
    contract = next(line.split() for line in out.splitlines() if line.strip().startswith("contract"))
    assert contract[-1] == "1"  # what remembers a transpose nobody else sees
    assert "What no method promises to see:" in out
    assert "of 4" in err


@pytest.mark.usefixtures("few")
def test_what_is_not_caught_and_what_is_wrongly_failed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 1, and each by name; a right one with the message that fails it."""
    inside = faults.Right("wrong-inside", "Dense", "wrong all the same", faults.FAULTS[0].make)
    fine = faults.Fault("nothing-wrong", "Dense", "nothing is wrong", "never", "made up", layers.Dense)
    for name, entry in (("RIGHT", inside), ("FAULTS", fine)):
        monkeypatch.setattr(faults, name, (entry,))
    status, out, _ = _run(capsys, "--examples", "10")
    assert status == 1
    assert "0 of 1 wrong layer caught within 10 drawn cases, 1 of 1 right one wrongly failed" in out
    assert "NOT CAUGHT: nothing-wrong" in out
    assert "WRONGLY FAILED: wrong-inside" in out
    assert "FAIL" in out


def test_an_unknown_id_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _run(capsys, "--id", "dense-db-means")
    assert (status, out) == (2, "")
    assert "no layer of the catalogue is called 'dense-db-means'; nearest: dense-db-mean" in err


def test_what_there_is_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, of all or of those that must equal one operator; nothing is asked."""
    status, out, err = _run(capsys, "--list")
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [entry.id for entry in (*faults.FAULTS, *faults.RIGHT)]
    status, out, _ = _run(capsys, "--list", "--operator", "Dense")
    dense = [(entry.id, entry.operator) for entry in (*faults.FAULTS, *faults.RIGHT) if entry.operator == "Dense"]
    assert [tuple(line.split()[:2]) for line in out.splitlines()] == dense
    assert {line.split()[2] for line in out.splitlines()} == {"wrong", "right"}
    assert f"{faults.FAULTS[0].claim}" in _run(capsys, "--list", "--id", faults.FAULTS[0].id)[1]


@pytest.mark.usefixtures("few")
def test_those_of_one_operator_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Go through it as all of them do."""
    status, out, _ = _run(capsys, "--operator", "Dense", "--examples", "40")
    assert status == 0
    assert "2 of 2 wrong layers caught within 40 drawn cases, 0 of 1 right one wrongly failed" in out


def test_a_list_that_is_cut_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """And how to see the rest; of operators there are few."""
    status, out, err = _run(capsys, "--id", "¿?")
    assert (status, out) == (2, "")
    assert f"and {len(faults.FAULTS) + len(faults.RIGHT) - 12} more (`cnnbp faults --list` has them all)" in err
    status, out, err = _run(capsys, "--operator", "Dens")
    assert (status, out) == (2, "")
    assert "--operator Dens: the catalogue has no layer that must equal it; nearest: Dense" in err


@pytest.mark.parametrize("options", [("--examples", "0"), ("--jobs", "x"), ("--seed", "-1")])
def test_a_bad_call(options: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["faults", *options])
    assert caught.value.code == 2


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["faults", "--help"])
    told = capsys.readouterr().out
    assert "exit status:" in told
    assert "cnnbp faults --id" in told
