"""Records that do not fit each other, or themselves: each a remark. What follows of them is for `status` to say."""

from .document import document
from .ladder import ladder
from .layers import layer
from .peers import peers
from .proved import proved
from .statements import fared, reading, statement
from .training import training
from .verdicts import verdict

__all__ = ["document", "fared", "ladder", "layer", "peers", "proved", "reading", "statement", "training", "verdict"]
