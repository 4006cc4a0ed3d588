"""Articles at the edges of what an archive holds: all of them must look right. Used by `scripts/demo`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from backfile.model import Article, Figure

LONG_TITLE = (
    "In a decision that surprised even those who had asked for it, the harbour council of Saltmarsh, after nineteen "
    "sittings, four reports, two resignations and a night of singing in the gallery, has agreed that the old lamp "
    "shall burn again, though not before the second Sunday after the herring have gone north, and only if it is dry"
)
TABLE = """| Year | Boats | Catch (t) | Crew | Landed at | Price per crate | Longest day | Lamps lit |
| --- | --- | --- | --- | --- | --- | --- | --- |
| 1911 | 64 | 1,204 | 310 | Port Ellery, Saltmarsh | 11 crowns 40 | 17 h 02 | 365 |
| 1951 | 41 | 998 | 190 | Port Ellery | 26 crowns | 17 h 02 | 364 |
| 2024 | 3 | 12 | 7 | Saltmarsh | 402 crowns 15 | 17 h 02 | 11 |"""
EVERYTHING = f"""The first paragraph has *emphasis*, **strength**, `code`, a [link](https://harbourgazette.example/)
and a very long word: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft.

## A heading of the second level

> A quotation that runs over more than one line, as quotations do when somebody has had something to say for a long time
> and at last is asked.
>
> Its second paragraph.

### A heading of the third

- A list with a short item
- and one that is long enough to be broken over two lines on a telephone and perhaps even on a wider screen than that
  1. a list inside it
  2. with numbers

{TABLE}

```
tide(t) = mean + 1.84 * cos(2 * pi * t / 12.42) + 0.61 * cos(2 * pi * t / 12.00)  # metres above the mark on the quay
```

---

A last paragraph after a rule, with an address that cannot be broken:
<https://www.harbourgazette.example/archive/2024/05/22/everything-that-an-article-can-hold-and-then-some?page=1&view=all>
"""


def edge_articles(pictures: list[str]) -> Iterator[Article]:
    """The edges, each with an id of its own; `pictures` are addresses of pictures that the archive has."""
    base = Article(
        title="",
        lang="en",
        publisher="The Harbour Gazette",
        section="Local",
        published="2024-05-22T18:30:00+01:00",
        captured="2024-06-01T12:00:00+00:00",
        url="https://www.harbourgazette.example/2024/05/edge.html",
        authors=("Maren Holt",),
        tags=("Coast",),
        cleaned_by="demo",
        body="A short text about the lamp, so that the page is not empty.\n\nIt has a second paragraph.",
    )
    edges = [
        replace(base, body="The page that was saved gave this text no headline. It stays without one."),
        replace(base, title=LONG_TITLE, description=f"{LONG_TITLE}.", standfirst=True),
        replace(base, title="A story without a date", published="", captured=""),
        replace(base, title="A story that nobody signed", authors=(), publisher="", section="", tags=()),
        replace(base, title="Forty people wrote this", authors=tuple(f"Author Number-{n}" for n in range(1, 41))),
        replace(base, title="Two hundred tags", tags=tuple(f"Subject {n}" for n in range(1, 201))),
        replace(base, title="Thirty thousand words", body=_long_text()),
        replace(base, title="One line", body="Only this.", description="", tags=()),
        replace(base, title="As it happened: the night of the lamp", kind="live", body=_live_text()),
        replace(base, title="Sixty views of a quay", kind="gallery", body=_gallery(pictures)),
        replace(base, title="Everything that an article can hold", body=EVERYTHING, credits=("Map: June Abernathy",)),
        replace(base, title="If a < b & b > c: “quotes”, 'marks', <b>tags</b> and 🦀🌊 at the fish market"),
        _arabic(base),
        _japanese(base),
        _mixed(base),
        replace(base, title="Readers write", kind="opinion", publisher="<Gazette & Sons>", authors=("O’Neill & “Co”",)),
        replace(base, title="Only a link is kept of this", link_only=True, body="", published="", captured=""),
        replace(
            base,
            title="A week of small corrections",
            modified="2024-05-29T09:05:00+01:00",
            agencies=("Reuters", "AFP"),
            authors=("Maren Holt", "Idris Calloway"),
            figures=(
                Figure(url=f"{base.url}.jpg", file=pictures[0], caption="The lamp.", credit="J. Abernathy", lead=True),
            ),
        ),
    ]
    for number, edge in enumerate(edges):
        yield replace(edge, id=f"ed9e{number:08x}ed9e", url=edge.url.replace("edge", f"edge-{number}"))


def _long_text() -> str:
    sentence = "The lamp was lit, the boats went out, and somebody counted them as they passed the mole."
    paragraph = " ".join([sentence] * 8)
    return "\n\n".join(f"## Part {n // 10 + 1}" if n % 10 == 0 else f"({n}) {paragraph}" for n in range(245))


def _live_text() -> str:
    posts = [
        f"### {18 + n // 4:02}:{n % 4 * 15:02}\n\nThe crowd on the mole has grown to {n * 40 + 120}. "
        f"{'“We wait,” says the keeper.' if n % 3 else 'The oil is carried up in cans.'}"
        for n in range(20)
    ]
    return "\n\n".join(reversed(posts))


def _gallery(pictures: list[str]) -> str:
    there = pictures or [f"https://harbourgazette.example/view-{n}.jpg" for n in range(60)]
    return "\n\n".join(
        f'![View {n + 1} of the quay]({there[n % len(there)]} "View {n + 1}: the quay at half past {n % 12 + 1}.")'
        for n in range(60)
    )


def _arabic(base: Article) -> Article:
    return replace(
        base,
        title="الميناء القديم يستعيد مصباحه بعد ثلاثين عاما",
        description="قرر مجلس المدينة إعادة تشغيل المصباح في الأحد الثاني من الشهر.",
        standfirst=True,
        lang="ar",
        publisher="صحيفة المرفأ",
        section="محليات",
        authors=("ليلى الحداد",),
        tags=("البحر", "المرفأ"),
        body="قال الحارس إن المصباح «لا ينام»، وإن القوارب الـ64 ستعود.\n\n"
        "> لا نريد نصبا، نريد سقفا.\n\n- الأول\n- الثاني\n\n"
        "وتقع المنارة على بعد 12.5 كيلومترا من Port Ellery، بحسب تقرير BBC.",
    )


def _japanese(base: Article) -> Article:
    return replace(
        base,
        title="港の灯台、三十年ぶりに点灯へ――市議会が決定",
        description="市議会は十九回の審議を経て、灯台の再点灯を決めた。",
        standfirst=True,
        lang="ja",
        publisher="潮見新報",
        section="地域",
        authors=("早瀬 栞",),
        tags=("港", "灯台"),
        body="\n\n".join(
            (
                "「灯りは眠らない」と守り人は言う。" * 6,
                "六十四隻の船が沖へ出て、誰かがそれを数えた。" * 12,
                "## 見出し",
                "雨の夜も、風の夜も。" * 20,
            )
        ),
    )


def _mixed(base: Article) -> Article:
    return replace(
        base,
        title="The word مرحبا and the word שלום on one quay (and 港 too)",
        body="A sailor said مرحبا يا صديقي and another answered שלום לכולם before the third said 「こんばんは」.\n\n"
        "الجملة التالية بالإنجليزية: The lamp burns. ثم عاد النص إلى العربية.\n\n"
        "תחילת המשפט בעברית, then English, ושוב עברית.",
    )
