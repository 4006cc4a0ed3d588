"""The living archive as a whole: three captures of one story, five outlets of one dispatch, an edited article."""

from __future__ import annotations

import shutil

from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.report import Report
from tests.conftest import article, tree

OPENING = "The tide came in on Monday with more force than anyone on the quay had seen since the winter of the flood."
BOATS = "Fishermen pulled their boats up to the church, and the school was closed for the rest of the week."
WALL = "“We will rebuild the wall before autumn,” the mayor said after a visit to the harbour on Tuesday morning."
LATE = "On Thursday the council voted four million for the wall, and the first stones came by barge from the north."


def capture(title: str, modified: str, *paragraphs: str) -> str:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return f"""<html lang="en"><head><title>{title}</title><link rel="canonical" href="https://post.example/2024/tide">
<meta property="article:published_time" content="2024-03-04T08:00:00Z">
<meta property="article:modified_time" content="{modified}"></head>
<body><article><h1>{title}</h1>{text}</article></body></html>"""


def files(site) -> dict[str, str]:
    return {name: data.decode("utf-8", "replace") for name, data in tree(site.build).items()}


def test_three_captures_of_one_story_are_one_history_in_any_order(make_site):
    captures = {
        "a": capture("The tide", "2024-03-04T08:00:00Z", OPENING, BOATS, WALL),
        "b": capture("The tide came in", "2024-03-05T08:00:00Z", OPENING, WALL, LATE),
        "c": capture("The tide came in", "2024-03-06T08:00:00Z", OPENING, BOATS + " Nobody was hurt.", WALL, LATE),
    }
    seen = []
    for order in ("abc", "cab"):
        site = make_site({"backfile.toml": 'title = "T"\n'})
        site.saved.mkdir(parents=True, exist_ok=True)
        for name in order:
            (site.saved / f"{name}.html").write_text(captures[name], "utf-8")
            build_site(site, BuildOptions())
        (path,) = site.articles.rglob("*.md")
        assert LATE in path.read_text("utf-8")
        pages = files(site)
        (history,) = [text for name, text in pages.items() if name.startswith("versions/")]
        assert f"<del>{BOATS}</del>" in history
        assert f"<ins>{LATE}</ins>" in history
        assert "Nobody was hurt." in history
        assert "changes/index.html" in pages
        seen.append(sorted(path.read_text("utf-8").split("versions:")[1].split("\n---")[0].splitlines()[1:3]))
        shutil.rmtree(site.root)
    assert seen[0] == seen[1]


def sentence(n: int) -> str:
    return (
        f"Witness number {n} told the reporters at the quay that wave {n * 7} was higher than wall {n * 3} of the town."
    )


def test_five_outlets_of_one_dispatch_are_one_family(make_site):
    lines = [sentence(n) for n in range(12)]
    outlets = {
        "agency": lines,
        "cut": lines[:6],
        "added": [*lines[2:], "Our own reporter saw the last boat leave the old harbour at the break of day."],
        "changed": [lines[0].replace("told", "said to"), *lines[1:9]],
        "quoted": ["A long opening of our own about the coast and all that ever happened there, long ago.", *lines[5:]],
        "stranger": [sentence(n) for n in range(50, 62)],
    }
    site = make_site({
        f"content/articles/2024/03/{name}.md": article(
            f"Waves {name}", "\n\n".join(text), site=name.title(), date=f"2024-03-0{n + 1}", lang="en"
        )
        for n, (name, text) in enumerate(outlets.items())
    })  # fmt: skip
    build_site(site, BuildOptions())
    pages = files(site)
    (family,) = [text for name, text in pages.items() if name.startswith("families/")]
    assert [name for name in outlets if f"2024/03/{name}.html" in family] == list(outlets)[:5]
    (site.articles / "2024/03/quoted.md").unlink()
    build_site(site, BuildOptions())
    after = files(site)
    shutil.rmtree(site.build)
    shutil.rmtree(site.cache)
    build_site(site, BuildOptions())
    assert files(site) == after


def test_an_edited_article_keeps_every_edit_when_it_is_cleaned_again(make_site):
    site = make_site({"content/saved/a.html": capture("The tide", "2024-03-04T08:00:00Z", OPENING, BOATS, WALL)})
    build_site(site, BuildOptions())
    (path,) = site.articles.rglob("*.md")
    edited = path.read_text("utf-8").replace("Fishermen pulled", "==Fishermen== and bakers pulled") + "\nMy own end.\n"
    path.write_text(edited, "utf-8")
    for _ in range(2):
        reclean(site, (), BuildOptions(), Report())
        assert path.read_text("utf-8") == edited
    build_site(site, BuildOptions())
    (page,) = [text for name, text in files(site).items() if "<mark>" in text]
    assert "<mark>Fishermen</mark>" in page
