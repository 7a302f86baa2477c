"""The sample of `evidence`, and what only a page shows: print as broken as it once was, a truth table, a second derivation."""

from __future__ import annotations

from itertools import product

from cnnbp.evidence import records as r
from tests.evidence import sample
from tests.evidence.sample import en

BROKEN = {  # printed TeX, its broken pieces, and what they should be
    "E7": (r"a^{(l+1)}=f(z^{(l+1)}", {"(z^{(l+1)}": "“(” is never closed"}),
    "E10": (
        r"w_{ij}^{(l)}=w{ij}^{(l)}-\frac{\partial J(w,b)}{\partial w_{ij}^{(l)}}",
        {"w{ij}": "the underscore is lost", r"-\frac{\partial J(w,b)}{\partial w_{ij}^{(l)}}": "the step size α is missing"},
    ),
    "E13": (r"Qz_{ij}^{(l+1)}=\sum_{k=1}^{sl}w_{ik}^{(l)}a_k^{(l)}+b_i^{(l)}", {"Q": "a lost ∵", "sl": "s_l"}),
    "E15": (
        r"\therefore b_i^{(l)}=b_i{(l)}-\frac {1}{m}\sum_{i=1}^{m}\frac{\partial J(x^{(i)},y^{(i)};w,b)}{\partial z_{ij}^{(l+1)}}",
        {"b_i{(l)}": "the caret is lost", r"\sum_{i=1}": "i is bound by the sum and free on the left"},
    ),
    "E22": (
        r"=\sum_{k=1}^{S_{nl}}(a_k^{(nl)}-y_k)f'(z_k^{(nl)})\frac{\partial (\sum_{r=1}^{S_{nl}}w_{kr}^{nl-1}f(z_r^{(nl-1)}"
        r"+b_k^{(nl-1)})}{\partial z_i^{(nl-1)}}",
        {r"\sum_{r=1}^{S_{nl}}": "to s_(nl−1)", "w_{kr}^{nl-1}": "a layer, no power", "f(z_r^{(nl-1)}": "it must close here"},
    ),
}


def document() -> r.Document:
    """A complete run that holds."""
    base = sample.document()
    return with_derivation(base, post())


def post() -> r.Derivation:
    """That of the sample, a chapter of broken print, a truth table, and a reading that goes beyond its statement."""
    base = sample.post()
    beyond = sample.statement("delta-output", "holds", sample.reading("as-printed"), sample.reading("softmax", "beyond", wrong=3))
    more = (
        *(broken(label) for label in BROKEN),
        beyond.model_copy(update={"label": "E18", "quoted": "函数就被确定", "section": "print"}),
        truth_table(),
    )
    return base.model_copy(
        update={
            "source": en("a post of 2016, https://example.org/post/bp.html"),
            "sections": {**base.sections, "print": en("Broken print")},
            "facets": {**base.facets, "forward": en("forward pass"), "backward": en("backward pass"), "kernel": en("kernel")},
            "statements": (*base.statements, *more),
        }
    )


def broken(label: str) -> r.Statement:
    """A statement whose print is broken, and the pieces of it that are."""
    printed, pieces = BROKEN[label]
    tried = sample.reading("literal", wrong=2), sample.reading("closed")
    base = sample.statement(f"broken-{label.lower()}", "holds under a named condition", *tried)
    places = {piece: printed.index(piece) for piece in pieces}
    misprints = [r.Misprint(start=places[piece], end=places[piece] + len(piece), what=en(what)) for piece, what in pieces.items()]
    ordered = tuple(sorted(misprints, key=lambda misprint: misprint.start))
    why = en("It rests on w_ij^(l) and on f′.")
    return base.model_copy(update={"label": label, "section": "print", "printed": printed, "misprints": ordered, "why": why})


def truth_table() -> r.Statement:
    """Eight readings that differ in three facets; those that are odd hold."""
    rows = []
    for forward, backward, kernel in product(("slides", "flips"), ("slides", "flips"), ("as it is", "rotated")):
        odd = ((forward == "flips") + (backward == "flips") + (kernel == "rotated")) % 2
        row = sample.reading(f"{forward}-{backward}-{kernel.replace(' ', '-')}", wrong=0 if odd else 18)
        rows.append(row.model_copy(update={"facets": {"forward": en(forward), "backward": en(backward), "kernel": en(kernel)}}))
    base = sample.statement("conv-residual-full", "holds under a named condition", *rows)
    return base.model_copy(update={"label": "V18", "section": "print", "printed": "", "quoted": "再卷积一次"})


def two() -> r.Document:
    """The same, and another derivation with a statement of the same id."""
    other = sample.post().model_copy(update={"id": "book", "title": en("A book"), "language": "de"})
    first = document()
    return with_derivations(first, *first.derivations, other)


def failing() -> r.Document:
    """Conv2d fails in three cases."""
    base = document()
    layers = (sample.failing_layer(), *base.layers[1:])
    return base.model_copy(update={"layers": layers, "status": "wrong"})


def with_derivation(base: r.Document, derivation: r.Derivation) -> r.Document:
    """The document with this derivation alone, and a whole run of it."""
    return with_derivations(base, derivation)


def with_derivations(base: r.Document, *derivations: r.Derivation) -> r.Document:
    """The document with these derivations, and a whole run of them."""
    has = {"statements": sample.wanted(derivations), "theorems": sample.named(derivations)}
    return base.model_copy(update={"derivations": derivations, "whole": base.whole.model_copy(update=has)})


def with_statement(base: r.Document, number: int, **update: object) -> r.Document:
    """The document with one statement of its first derivation changed."""
    first, *others = base.derivations
    statements = list(first.statements)
    statements[number] = statements[number].model_copy(update=update)
    return base.model_copy(update={"derivations": (first.model_copy(update={"statements": tuple(statements)}), *others)})


__all__ = ["BROKEN", "document", "failing", "post", "two", "with_derivation", "with_statement"]
