"""What `--help` says: of every command what it does, each option in words, and what an exit status means."""

from __future__ import annotations

import argparse
import re

import pytest

import cnnbp
from cnnbp.cli.parser import COMMANDS, parsed, parser
from cnnbp.text import ENGLISH, sentences


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No option without a word, no brace left open, and every exit status told."""
    with pytest.raises(SystemExit) as left:
        parser().parse_args([command, "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert "exit status" in told.lower()
    assert re.findall(r"\{[a-z_]*\}", told) == []
    (of_all,) = (each for each in parser()._actions if isinstance(each, argparse._SubParsersAction))
    assert [action.dest for action in of_all.choices[command]._actions if not action.help] == []


def test_what_passes_all_the_same_is_said_once() -> None:
    """The list of `cnnbp faults` is the one that `--help` shows."""
    inherent = [text for code, text in sentences(ENGLISH).items() if code.startswith("cli.inherent.")]
    assert inherent
    assert [text for text in inherent if text not in parser().format_help()] == []
    assert len([text for text in sentences(ENGLISH).values() if "sixtieth" in text]) == 1


def test_what_is_asked_in_python_is_told_there() -> None:
    """By calls that there are: `prove` is no command, and a person who looks for one finds it in the help of the program."""
    told = parser().format_help()
    calls = re.findall(r"^  cnnbp\.(\w+)\(", told, re.MULTILINE)
    assert calls == ["verify", "assert_gradients", "prove"]
    assert [name for name in calls if not callable(getattr(cnnbp, name))] == []


def test_an_option_that_is_misspelled_is_told_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """With its usage, and the nearest that it has."""
    with pytest.raises(SystemExit) as left:
        parsed(["check", "mine:layer", "--shapes", "2,3"])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("usage: cnnbp check")
    assert "unrecognized arguments: --shapes 2,3; nearest: --shape, " in told
    assert "]" not in told.splitlines()[-1]
