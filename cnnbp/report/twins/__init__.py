"""The page for machines: the same evidence as a summary in Markdown, as test reports, as a badge, and as a statement to sign.

None of them says anything better than the page: all read `evidence.outcomes`, and what follows for the run.
"""

from .files import NAMES, twins

__all__ = ["NAMES", "twins"]
