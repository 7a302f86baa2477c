"""Strokes and curves, drawn in SVG."""
