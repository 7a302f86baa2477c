"""What is proved of the installed source, and that changed certificates prove nothing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from cnnbp.proof.forms import Unusual
from cnnbp.proof.sizes import Checked, StaleCertificates, check, checked
from cnnbp.proof.sizes.certificates import Certificates, kernel_digest, load
from cnnbp.proof.sizes.checked import CLAIMS, CheckedClaim, check_claim
from cnnbp.proof.sizes.claims import Goals, Numbers
from cnnbp.proof.sizes.find import find
from cnnbp.proof.sizes.source import Source, digest, text

from .wrong import WRONG, Wrong

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def found() -> Checked:
    """What the shipped certificates show."""
    return check()


def test_all_claims_hold(found: Checked) -> None:
    """Each on several paths or for several conditions, about the installed texts."""
    assert found.holds
    assert [claim.id for claim in found.claims] == [*CLAIMS]
    assert (found.source, found.kernel) == (digest(text()), kernel_digest())
    assert found.conditions == sum(claim.conditions for claim in found.claims) > 2000
    assert found.paths == sum(claim.paths for claim in found.claims) > 100


def test_what_is_assumed_is_said_and_has_an_instance(found: Checked) -> None:
    """In letters, beside numbers at which it is the case."""
    ceil = next(claim for claim in found.claims if claim.id == "outputs.ceil")
    sizes = ("size ≥ 1", "kernel ≥ 1", "stride ≥ 1", "padding ≥ 0", "dilation ≥ 1")
    assert ceil.hypotheses == (*sizes, "kernel ≥ 2·padding")
    assert all(claim.instances for claim in found.claims)


@pytest.fixture(scope="module")
def shipped() -> Certificates:
    """The certificates."""
    return load()


def checked_with(shipped: Certificates, name: str, **changed: object) -> CheckedClaim:
    """A claim, by certificates that are not the shipped ones."""
    mine = {kind: {**getattr(shipped, kind), **({name: changed[kind]} if kind in changed else {})} for kind in vars(shipped)}
    return check_claim(CLAIMS[name], Source(text()), Certificates(**mine))


@pytest.mark.parametrize("name", ["outputs.floor", "inside.ceil", "scatter.any"])
def test_every_change_of_a_certificate_is_refused(shipped: Certificates, name: str) -> None:
    """Another weight, another fact, an entry less: the claim no longer holds, and the goal is named."""
    labels = [[goal.label for goal in goals] for _, goals in CLAIMS[name].paths(Source(text()))]
    path, at = next((p, len(one) - 1) for p, one in enumerate(shipped.paths[name]) if one)
    mine = shipped.paths[name][path][at]
    for changed in (mine[1:], [[mine[0][0] + 1, *mine[0][1:]], *mine[1:]], [[mine[0][0], 99], *mine[1:]], []):
        paths = [[*one] for one in shipped.paths[name]]
        paths[path][at] = changed
        result = checked_with(shipped, name, paths=paths)
        assert not result.holds
        assert result.refused == (labels[path][at],)


def test_what_is_missing_is_refused(shipped: Certificates) -> None:
    """A path, all paths."""
    assert len(checked_with(shipped, "tap.floor", paths=shipped.paths["tap.floor"][:-1]).refused) > 0
    result = checked_with(shipped, "tap.floor", paths=[])
    assert len(result.refused) == result.conditions


def test_without_instances_a_claim_is_vacuous(shipped: Certificates) -> None:
    """Whatever its certificates show; numbers at which what is assumed is not the case are none."""
    for instances in ([], [{**shipped.instances["outputs.floor"][0], "size": 0}]):
        result = checked_with(shipped, "outputs.floor", instances=instances)
        assert (result.refused, result.holds) == ((), False)
        assert "the-last-window-fits" in result.vacuous


def test_a_claim_without_conditions_does_not_hold() -> None:
    """Nothing is shown by nothing."""

    def run(source: Source, u: Numbers, g: Goals) -> None:
        pass

    result = check_claim(replace(CLAIMS["outputs.floor"], run=run), Source(text()), Certificates({}, {}))
    assert (result.conditions, result.refused, result.vacuous, result.holds) == (0, (), (), False)


def test_a_source_that_was_changed_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped certificates say nothing about it."""
    monkeypatch.setattr("cnnbp.proof.sizes.source.text", lambda: text() + "\n")
    with pytest.raises(StaleCertificates, match=r"the text of cnnbp\.layers\.relation that is installed"):
        checked.check()


# ---- wrong sources -------------------------------------------------------------------------------


@cache
def proved(claim: str, of: str) -> bool:
    """Whether the claim holds of this text, by the shipped certificates or by any that the search finds."""
    try:
        source = Source(of)
        return any(check_claim(CLAIMS[claim], source, known()).holds for known in (load, lambda: find([CLAIMS[claim]], source)))
    except (Unusual, TypeError, LookupError):  # not looked at, not modelled, nothing found
        return False


@cache
def _of_ours(claim: str) -> bool:
    return proved(claim, text())


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_wrong_source_is_not_proved(wrong: Wrong) -> None:
    """Neither by what is shipped nor by a new search; of the source as it stands each of the claims is."""
    assert _of_ours(wrong.claim)
    assert not proved(wrong.claim, wrong.text(text()))


HARMLESS = [
    ("outputs.ceil", "overhangs = self.ceil_mode and remainder > 0", "overhangs = self.ceil_mode and remainder"),
    ("outputs.floor", "return outputs + 1", "return 1 + outputs"),
    ("tap.floor", "max(0, -(offset // self.stride))", "0 if offset >= 0 else -(offset // self.stride)"),
    ("window_sizes.floor.padded", "if count_padding else", "if count_padding or not self.padding else"),
    ("gather.any", "rows[..., t, o, :] = x[..., i, :]", "part = x[..., i, :]; rows[..., t, o, :] = part"),
]


@pytest.mark.parametrize(("claim", "old", "new"), HARMLESS)
def test_a_right_source_in_other_words_is_proved(claim: str, old: str, new: str) -> None:
    """By a new search: what is refused is not merely whatever differs."""
    assert old in text()
    assert proved(claim, text().replace(old, new))


def test_checking_is_light() -> None:
    """Neither a solver nor PyTorch is loaded: what checks is the kernel."""
    checks = "c = checked; c.check_claim(c.CLAIMS['gather.view'], c.Source(c.text()), c.load())"
    report = f"import sys; from cnnbp.proof.sizes import checked, twins; {checks}; print({{'scipy', 'torch'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
