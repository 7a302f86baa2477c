"""Points for layers of one's own: options stay as they were given, the arguments fit the layer, class indices are classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.operators import OPERATORS
from cnnbp.run.own import Misfit, arity, drawn, given

SHAPES = {
    "Conv2d": [(2, 4, 5, 5), (4, 2, 3, 3)],
    "SoftmaxCrossEntropy": [(4, 3), (4,)],
    "Tanh": [()],
    "BatchNorm2d": [(2, 3, 4, 4), (3,), (3,)],
}


@pytest.mark.parametrize(
    "like",
    [
        cnnbp.Conv2d(2, (1, 0), groups=2),
        cnnbp.MaxPool2d(2),
        cnnbp.AvgPool2d(3, 1, 1),
        cnnbp.BatchNorm2d(),
        cnnbp.LeakyReLU(0.2),
        cnnbp.Dense(),
    ],
    ids=lambda like: type(like).__name__,
)
def test_what_is_not_free_stays(like: Any) -> None:
    """The layer at each point is the one that was named, and takes what was drawn for it."""
    for point in drawn(like, (), like.forward, "test", 6, 1):
        assert _answers(point.like) == _answers(like)
        assert point.like.forward(*point.args).shape == np.shape(point.delta)


def _answers(layer: Any) -> dict[str, Any]:
    found = OPERATORS[type(layer).__name__].options(layer)
    return found | ({"stride": found["kernel_size"]} if found.get("stride", 1) is None else {})


def test_free_options_are_drawn() -> None:
    """Strides vary, and the rest does not."""
    points = list(drawn(cnnbp.Conv2d(dilation=2), ("stride",), cnnbp.Conv2d().forward, "test", 20, 1))
    assert len({str(point.options["stride"]) for point in points}) > 1
    assert {(point.like.dilation, point.like.padding, point.like.groups) for point in points} == {(2, 0, 1)}


def test_options_drawn_as_ints_are_no_pairs() -> None:
    """Whatever else is drawn; kernels stay oblong; the reference has the same options, and what is not named keeps its pairs."""
    names = ("stride", "padding", "output_padding", "dilation")
    for like in (cnnbp.Conv2d(), cnnbp.ConvTranspose2d(), cnnbp.MaxPool2d(2), cnnbp.AvgPool2d(2)):
        free = [name for name in OPERATORS[type(like).__name__].options(like) if name in (*names, "kernel_size")]
        points = list(drawn(like, free, like.forward, "test", 25, 1, ints=free))
        assert all(isinstance(point.options[name], int) for point in points for name in free)
        assert all(_answers(point.like) == {**_answers(like), **_answers(point.like)} for point in points)
        assert all(point.like.forward(*point.args).shape == np.shape(point.delta) for point in points)
        if len(points[0].args) > 1:
            assert any(len(set(point.args[1].shape[2:])) == 2 for point in points)
    points = list(drawn(cnnbp.Conv2d(), ("stride", "padding"), cnnbp.Conv2d().forward, "test", 25, 1, ints=["stride"]))
    assert all(isinstance(point.options["stride"], int) for point in points)
    assert any(
        isinstance(point.options["padding"], tuple)
        for point in drawn(cnnbp.Conv2d(), ("padding",), cnnbp.Conv2d().forward, "test", 25, 1, ints=["stride"])
    )


def test_numbers_beyond_the_largest_are_passed_over() -> None:
    """And asked for where there is no limit."""

    def most(**limit: float) -> float:
        points = drawn(cnnbp.Tanh(), (), cnnbp.Tanh().forward, "test", 30, 1, **limit)  # type: ignore[arg-type]
        return max(float(np.max(np.abs(point.args[0]), initial=0)) for point in points)

    assert most() > 100
    assert most(largest=100.0) <= 100
    with pytest.raises(Misfit, match="hardly a case lies within ±0"):
        most(largest=0.0)


def test_integers_are_below_what_is_said() -> None:
    """By x's second axis, or a number; the same for a reference and without one."""
    for like, integers, most in ((None, {1: 0}, 3), (None, {1: 2}, 2), (cnnbp.SoftmaxCrossEntropy(), {}, 3)):
        targets = [point.args[1] for point in given(like, [(9, 3), (9,)], "test", 6, 1, integers)]
        assert {target.dtype.kind for target in targets} == {"i"}
        assert set(np.concatenate(targets).tolist()) == set(range(most))
    with pytest.raises(Misfit, match="x of Dense holds real numbers"):
        list(given(cnnbp.Dense(), [(2, 3), (4, 3)], "test", 1, 1, {0: 4}))
    with pytest.raises(Misfit, match="x has no second axis"):
        list(given(None, [(3,), (3,)], "test", 1, 1, {1: 0}))


def test_the_bias_is_there_as_far_as_forward_takes_it() -> None:
    """Never, always, or now and then; other arguments are not made to fit."""
    forwards = {2: lambda x, w: None, 3: lambda x, w, b: None}
    for count, forward in forwards.items():
        assert {len(point.args) for point in drawn(cnnbp.Dense(), (), forward, "test", 12, 1)} == {count}
    assert {len(point.args) for point in drawn(cnnbp.Dense(), (), lambda *args: None, "test", 20, 1)} == {2, 3}
    for forward in (lambda x: None, lambda x, w, b, more: None):
        with pytest.raises(Misfit, match="expected a forward of x, w, b as Dense has it, got one of"):
            list(drawn(cnnbp.Dense(), (), forward, "test", 3, 1))


@pytest.mark.parametrize("name", SHAPES)
def test_given_shapes_are_kept_and_answered(name: str) -> None:
    """By the reference itself; the same seed draws the same numbers."""
    like = cnnbp.Conv2d(groups=2) if name == "Conv2d" else getattr(cnnbp, name)()
    points = list(given(like, SHAPES[name], "test", 4, 1))
    again = list(given(like, SHAPES[name], "test", 4, 1))
    assert [[a.shape for a in point.args] for point in points] == [SHAPES[name]] * 4
    for point, other in zip(points, again, strict=True):
        assert np.all(np.isfinite(like.forward(*point.args)))
        assert all(map(np.array_equal, point.args, other.args))


def test_a_shape_too_few_or_too_many_is_refused() -> None:
    """By the names of the arguments."""
    for shapes in ([(2, 3)], [(2, 3), (2, 3), (2,), (1,)]):
        with pytest.raises(Misfit, match=f"each of x, w, b, as Dense has them, got {len(shapes)}"):
            list(given(cnnbp.Dense(), shapes, "test", 1, 1))


def test_arity() -> None:
    """What has no signature takes anything."""
    assert arity(lambda x, w, b=None: None) == (2, 3)
    assert arity(lambda x, *rest: None)[0] == 1
    assert arity(dict.fromkeys)[1] >= 2
