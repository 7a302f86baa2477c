"""The evidence of a run → one page that a reader can cite and check again; it works out anew whatever it says.

A section is a folder: `view.py` what it shows, `template.html.j2` how, `style.css` in what form. `page` lists them in their
order, `setting` is what each of them is given, `frame` what stands around them; `drawings` and `mathematics` are shared.
"""

from .page import render, write

__all__ = ["render", "write"]
