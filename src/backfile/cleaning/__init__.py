"""Capture → Cleaned: `clean.py` is the way in. The package itself loads nothing: builds want the lexicons alone."""
