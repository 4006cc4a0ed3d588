"""The search index: catalog → terms → files that a page from disk, or `backfile search`, can read.

    letters → text → terms        an article as words, the same on every side
    places → layout               where articles and words are kept: decided by what there is, never by how it came
    store → update                what the index holds between builds, and what a change makes of it
    packing → files               the files of the index as bytes
    query → reader → ranking      a question, the files it needs, the articles that answer it

`docs/search.md` describes the files well enough to write another reader.
"""
