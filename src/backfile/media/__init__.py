"""Pictures: checked, stored once by their content, shown in a few widths.

bytes → check → content/media/ab/….jpg (store)        article and figure then name the file (place)
content/media/ → Shown: width, height, copies (shown) → build/media/ab/…-960.webp (variants)
"""
