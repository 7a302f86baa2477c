"""TeX and exact numbers as MathML."""
