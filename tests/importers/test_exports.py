"""Exports of services: which row says what, and no row is lost."""

from __future__ import annotations

import csv
import json

import pytest

from backfile.importers.base import Failed, Passed
from backfile.importers.rows import split_tags
from backfile.importers.when import any_date, mail_date, stamp_date, unix_date
from backfile.model import Capture
from backfile.report import ReadError
from tests.importers.helpers import SENTENCES, captures, imported, read
from tests.importers.test_bundles import pdf, zipped

URL = "https://news.example/bridge"
BODY = "".join(f"<p>{text}</p>" for text in SENTENCES)
WHEN = "2018-11-04T15:05:37+00:00"


def row(data: str | bytes, tmp_path) -> tuple[str, Capture]:
    """The importer's name and the one row of an export."""
    path = tmp_path / "export"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    name, items = read(path)
    (capture,) = items
    return name, capture


TABLES = {
    "Pocket": (
        f'title,url,time_added,tags,status\n"A bridge\nat last",{URL},1541343937,"river|harbour town",archive\n',
        {"tags": ("river", "harbour town"), "date": WHEN, "state": "read"},
    ),
    "Pocket with cursor": (
        f"title,url,time_added,cursor,tags,status\nA bridge at last,{URL},1541343937,7,,unread\n",
        {"date": WHEN, "state": "unread"},
    ),
    "Instapaper of old": (f"URL,Title,Selection,Folder\n{URL},A bridge at last,Mine,Starred\n", {"starred": True}),
    "Instapaper": (
        "URL,Title,Selection,Folder,Timestamp,Tags\n"
        f'{URL},A bridge at last,My words,Towns,1541343937,"[""a"", ""b""]"\n',
        {"note": "My words", "folder": "Towns", "date": WHEN, "tags": ("a", "b")},
    ),
    "Readwise Reader": (
        "Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen\n"
        f'A bridge at last,{URL},01,"[\'a\', ""b\'s""]",2018-11-04 15:05:37+00:00,0,shortlist,True\n',
        {"tags": ("a", "b's"), "date": WHEN, "starred": True, "state": "unread"},
    ),
    "Raindrop": (
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
        f'1,A bridge at last,Mine,x,{URL},Towns / Sea,"a, b",2018-11-04T15:05:37.000Z,,"one\ntwo",true\n',
        {
            "note": "Mine",
            "folder": "Towns / Sea",
            "tags": ("a", "b"),
            "highlights": ("one", "two"),
            "date": WHEN,
            "starred": True,
        },
    ),
    "Matter": (
        "Title,Author,Publisher,URL,Tags,Word Count,In Queue,Favorited,Read\n"
        f"A bridge at last,Ada,The Gazette,{URL},a;b,9,False,True,True\n",
        {"tags": ("a", "b"), "starred": True, "state": "read"},
    ),
    "own": (f"url;title;tags\n{URL};A bridge at last;a,b\n", {"tags": ("a", "b")}),
    "UTF-16": (f"title,url,time_added,tags,status\nA bridge at last,{URL},,,\n".encode("utf-16"), {}),
}


@pytest.mark.parametrize("service", TABLES)
def test_tables_say_what_they_say(service, tmp_path):
    data, wanted = TABLES[service]
    name, capture = row(data, tmp_path)
    assert name == "table"
    assert capture.is_link
    assert (capture.url, capture.hints.title) == (URL, "A bridge at last")
    saved = {"tags": capture.hints.tags} | {key: getattr(capture.hints.saved, key) for key in wanted if key != "tags"}
    assert saved == {"tags": (), **wanted}
    assert capture.hints.saved.by


def test_rows_that_are_no_pages_are_counted(make_site):
    rows = [
        f"Good,{URL},1,,unread",
        "No address,,1,,unread",
        "Script,javascript:alert(1),1,,unread",
        "Inside,http://192.168.0.1/x,1,,unread",
        "Front,https://news.example/,1,,unread",
        f"Again,{URL}?utm_source=pocket,1,,unread",
        "",
    ]
    site = make_site({"content/saved/part_000000.csv": "\n".join(["title,url,time_added,tags,status", *rows])})
    result = imported(site)
    assert result.report.counts == {"link only": 1, "already there": 1, "not an article": 4}
    (notice,) = result.report.notices
    assert "1 × the front page of a site" in notice.what


def test_feed_rows_of_readwise_are_not_saved_items(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"Title,URL,ID,Document tags,Saved date,Location\nA,{URL},1,[],,feed\n")
    (item,) = read(path)[1]
    assert isinstance(item, Passed)


def test_a_table_with_a_wrong_cell_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("backfile.importers.csvs._CELL_LIMIT", 1000)
    path = tmp_path / "a.csv"
    path.write_text(f"url,title\n{URL},{'a' * 2000}\n{URL},Good\n")
    try:
        failed, good = read(path)[1]
    finally:
        csv.field_size_limit(131_072)
    assert isinstance(failed, Failed)
    assert good.hints.title == "Good"


OMNIVORE = {
    "id": "1", "slug": "a-bridge-18f", "title": "A bridge at last", "description": "d", "author": "Ada", "url": URL,
    "state": "Archived", "labels": ["river", {"name": "sea"}], "savedAt": "2018-11-04T15:05:37.000Z",
    "publishedAt": "2018-11-04T15:05:37.000Z",
}  # fmt: skip


def test_omnivore_bodies_and_highlights_come_along(make_site):
    files: dict[str, str | bytes] = {
        "metadata_0_to_20.json": json.dumps([OMNIVORE, {**OMNIVORE, "slug": "bare", "url": f"{URL}2"}, 7]),
        "content/a-bridge-18f.html": f"<div id='readability-page-1'>{BODY}</div>",
        "contents/of-no-item.html": f"<html><body><h1>Left</h1>{BODY}</body></html>",
        "highlights/a-bridge-18f.md": "> The harbour council\n> met on Tuesday\n\nmy remark\n\n> four million\n",
        "highlights/lost.md": "> x",
        "metadata_20_to_40.json": "[broken",
    }
    result = imported(make_site({"content/saved/export.zip": zipped(files)}))
    assert result.report.counts == {"added": 2, "link only": 1, "failed": 2, "not an article": 1}
    article = next(a for a in result.articles.values() if a.url == URL)
    assert article.tags == ("river", "sea")
    assert article.saved.by == "Omnivore"
    assert article.saved.state == "read"
    assert article.saved.highlights == ("The harbour council met on Tuesday — my remark", "four million")
    assert article.captured == WHEN
    assert article.published == ""
    assert "fear for the old trees" in article.body


WALLABAG = {
    "id": 7, "title": "A bridge at last", "url": URL, "is_archived": 1, "is_starred": 1, "content": BODY,
    "created_at": "2018-11-04T15:05:37+0000", "published_at": "2018-11-01T09:00:00+0100", "published_by": ["Ada"],
    "annotations": [{"quote": "four million", "text": "so much"}], "language": "en_GB",
    "tags": ["river", {"label": "x"}],
}  # fmt: skip


def test_wallabag_2_has_bodies_and_annotations(make_site):
    rows = [WALLABAG, {**WALLABAG, "id": 8, "url": f"{URL}2", "content": "wallabag can't retrieve contents"}]
    rows.append({**WALLABAG, "id": 9, "url": f"{URL}3", "is_not_parsed": 1})
    result = imported(make_site({"content/saved/w.json": json.dumps(rows)}))
    assert result.report.counts == {"added": 1, "link only": 2}
    article = next(a for a in result.articles.values() if not a.link_only)
    assert (article.title, article.url, article.captured) == ("A bridge at last", URL, WHEN)
    assert (article.published, article.authors) == ("2018-11-01T09:00:00+01:00", ("Ada",))
    assert article.tags == ("river", "x")
    assert (article.saved.starred, article.saved.state) == (True, "read")
    assert article.saved.highlights == ("four million — so much",)
    assert article.original == "content/saved/w.json#7"


def test_wallabag_1_has_its_rows_under_numbers(tmp_path):
    one = {"title": "Sans titre", "url": URL, "is_read": "1", "is_fav": "0", "content": BODY, "tags": "a,b"}
    _, capture = row(json.dumps({"0": one, "title": "x"}), tmp_path)
    assert (capture.hints.title, capture.hints.tags, capture.hints.saved.state) == ("", ("a", "b"), "read")
    assert b"harbour" in capture.data


LINK = {"id": 3, "name": "A bridge at last", "url": URL, "tags": [{"name": "a"}], "createdAt": "2018-11-04T15:05:37Z"}
JSONS = {
    "Linkwarden": (
        {
            "collections": [
                {"id": 1, "name": "Towns", "parentId": 2, "links": [{**LINK, "description": "Mine"}]},
                {"id": 2, "name": "All", "parentId": 1},
            ],
            "pinnedLinks": [{"id": 3}],
        },
        {"note": "Mine", "starred": True, "tags": ("a",), "date": WHEN},
    ),
    "Karakeep": (
        {
            "bookmarks": [
                {
                    "createdAt": 1541343937,
                    "title": "A bridge at last",
                    "tags": ["a"],
                    "lists": ["l"],
                    "content": {"type": "link", "url": URL},
                    "note": "Mine",
                    "archived": True,
                }
            ],
            "lists": [{"id": "l", "name": "Towns"}],
        },
        {"note": "Mine", "folder": "Towns", "state": "read", "tags": ("a",), "date": WHEN},
    ),
    "Readability": (
        {
            "bookmarks": [
                {
                    "article__url": URL,
                    "article__title": "A bridge at last",
                    "date_added": "2018-11-04T15:05:37",
                    "favorite": True,
                    "archive": False,
                }
            ]
        },
        {"starred": True, "state": "unread", "date": "2018-11-04T15:05:37"},
    ),
    "Firefox": (
        {
            "title": "",
            "root": "placesRoot",
            "typeCode": 2,
            "children": [
                {
                    "title": "menu",
                    "children": [
                        {
                            "title": "Towns",
                            "children": [
                                {
                                    "title": "A bridge at last",
                                    "uri": URL,
                                    "dateAdded": 1541343937000000,
                                    "tags": "a,b",
                                }
                            ],
                        },
                        7,
                    ],
                }
            ],
        },
        {"folder": "menu / Towns", "tags": ("a", "b"), "date": WHEN},
    ),
    "Pinboard": (
        [
            {
                "href": URL,
                "description": "A bridge at last",
                "extended": "Mine",
                "time": "2018-11-04T15:05:37Z",
                "toread": "yes",
                "tags": "a b",
            }
        ],
        {"note": "Mine", "state": "unread", "tags": ("a", "b"), "date": WHEN},
    ),
    "elCurator": (
        [
            {
                "url": URL,
                "title": "A bridge at last",
                "created_at": "2018-11-04 15:05:37 UTC",
                "is_saved": True,
                "tags": ["a"],
            }
        ],
        {"tags": ("a",), "date": WHEN},
    ),
    "JSON Feed": (
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Gazette",
            "items": [{"id": URL, "url": URL, "title": "A bridge at last", "tags": ["a"]}],
        },
        {"tags": ("a",)},
    ),
}


@pytest.mark.parametrize("service", JSONS)
def test_json_exports_say_what_they_say(service, tmp_path):
    data, wanted = JSONS[service]
    name, capture = row(json.dumps(data), tmp_path)
    assert name == "json"
    assert (capture.url, capture.hints.title) == (URL, "A bridge at last")
    saved = {"tags": capture.hints.tags} | {key: getattr(capture.hints.saved, key) for key in wanted if key != "tags"}
    assert saved == {"tags": (), **wanted}


def test_texts_in_karakeep_and_feeds_are_pages(tmp_path):
    text = "\n".join(SENTENCES)
    _, note = row(json.dumps({"bookmarks": [{"title": "T", "content": {"type": "text", "text": text}}]}), tmp_path)
    assert (note.url, b"harbour" in note.data) == ("", True)
    feed = {"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "url": URL, "content_html": BODY}]}
    _, item = row(json.dumps(feed), tmp_path)
    assert b"harbour" in item.data


@pytest.mark.parametrize(
    "data",
    [
        [OMNIVORE, 7],
        [WALLABAG, 7],
        {"collections": [{"id": 1, "links": [LINK, 7]}, 7]},
        {"bookmarks": [{"content": {"url": URL}}, 7]},
        {"bookmarks": [{"article__url": URL}, 7]},
        {"version": "https://jsonfeed.org/version/1", "items": [{"url": URL}, 7]},
        [{"url": URL}, 7],
    ],
)
def test_a_row_that_is_none_costs_itself(data, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data))
    assert [type(item).__name__ for item in read(path)[1]] == ["Capture", "Failed"]


@pytest.mark.parametrize(
    ("text", "said"), [('[{"a": 1', "damaged JSON"), ('{"a": 1}', "no export that Backfile knows")]
)
def test_other_json_is_said_to_be(text, said, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ReadError, match=said):
        read(path)


NETSCAPE = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8"><TITLE>Bookmarks</TITLE><H1>Pinboard</H1>
<DL><p><DT><H3 ADD_DATE="1">Towns</H3><DL><p>
<DT><A HREF="{URL}?a=1&amp;b=2" ADD_DATE="1541343937" TOREAD="1" TAGS="a,b">A &quot;bridge&quot; &lt;here&gt;</A>
<DD>My own
words &amp; more
<DT><H3>Inner</H3><DL><p><DT><A HREF='{URL}3' ADD_DATE=1541343937000>Three</A></DL></DL>
<!-- <DT><A HREF="https://commented.example/out"> -->
<DT><A HREF="{URL}4" ADD_DATE="nonsense" STARRED="1"></A>
<DT><A HREF="javascript:alert(1)">x</A>
</DL>"""


def test_netscape_bookmarks(tmp_path):
    path = tmp_path / "bookmarks.html"
    path.write_text(NETSCAPE)
    name, (one, three, four, script) = read(path)
    assert name == "bookmarks"
    assert (one.url, one.hints.title) == (f"{URL}?a=1&b=2", 'A "bridge" <here>')
    assert (one.hints.tags, one.hints.saved.date, one.hints.saved.state) == (("a", "b"), WHEN, "unread")
    assert (one.hints.saved.folder, one.hints.saved.by) == ("Towns", "Pinboard")
    assert one.hints.saved.note == "My own\nwords & more"
    assert (three.url, three.hints.saved.folder, three.hints.saved.date) == (f"{URL}3", "Towns / Inner", WHEN)
    assert (four.hints.title, four.hints.saved.folder, four.hints.saved.starred) == ("", "", True)
    assert isinstance(script, Passed)


def test_pocket_html(tmp_path):
    path = tmp_path / "ril_export.html"
    line = f'<li><a href="{URL}" time_added="1541343937" tags="a,b">A bridge at last</a></li>'
    bare = f'<li><a href="{URL}2" time_added="1" tags="">{URL}2</a></li>'
    path.write_text(
        f"<html><head><title>Pocket Export</title></head><h1>Unread</h1><ul>{line}</ul>"
        f"<h1>Read Archive</h1><ul>{bare}</ul>"
    )
    name, (unread, done) = read(path)
    assert name == "pocket-html"
    assert (unread.hints.title, unread.hints.tags, unread.hints.saved.date) == ("A bridge at last", ("a", "b"), WHEN)
    assert (unread.hints.saved.state, done.hints.saved.state, done.hints.title) == ("unread", "read", "")


def enex(*notes: str) -> str:
    return f'<?xml version="1.0"?><!DOCTYPE en-export SYSTEM "x.dtd"><en-export>{"".join(notes)}</en-export>'


NOTE = (
    "<note><title>A bridge</title><created>20181104T150537Z</created><tag>a</tag><tag>b</tag><note-attributes>"
    f"<source>web.clip7</source><source-url>{URL}</source-url></note-attributes><content><![CDATA[<?xml version='1.0'?>"
    f"<!DOCTYPE en-note SYSTEM 'y.dtd'><en-note>{BODY}<en-media type='image/png'/></en-note>]]></content>"
    "<resource><data encoding='base64'>AAAA</data></resource></note>"
)


def test_evernote_clips_are_pages(tmp_path):
    name, capture = row(enex(NOTE), tmp_path)
    assert name == "evernote"
    assert (capture.url, capture.captured, capture.hints.tags) == (URL, WHEN, ("a", "b"))
    assert b"harbour council" in capture.data
    assert b"en-note" not in capture.data


def test_a_damaged_note_costs_itself(tmp_path):
    path = tmp_path / "a.enex"
    path.write_text(enex("<note><!ENTITY x 'y'></note>", NOTE, NOTE[:200]))
    failed, capture, cut = read(path)[1]
    assert "entities" in failed.why
    assert capture.url == URL
    assert isinstance(cut, Failed)


RSS = f"""<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Gazette</title><link>https://news.example</link>
<item><title>A bridge &amp; more</title><link>/bridge</link><pubDate>Sun, 04 Nov 2018 15:05:37 GMT</pubDate>
<category>Towns</category><dc:creator>Ada</dc:creator><author>x@y.example (Jo)</author>
<description>Short</description><content:encoded><![CDATA[{BODY}]]></content:encoded></item>
<item><title>Two</title><guid>https://news.example/two</guid></item>
<item><guid isPermaLink="false">x</guid></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Gazette</title>
<link rel="self" href="https://news.example/feed"/><link href="https://news.example/"/>
<entry><title>A bridge &amp; more</title><link rel="edit" href="https://x.example"/><link href="bridge"/>
<published>2018-11-04T15:05:37Z</published><author><name>Ada</name></author><category term="Towns"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{BODY}</div></content></entry></feed>"""


@pytest.mark.parametrize("feed", [RSS, ATOM, RSS.replace("</channel></rss>", "")])
def test_feeds_have_articles(feed, tmp_path):
    path = tmp_path / "feed"
    path.write_text(feed)
    name, items = read(path)
    assert name == "feed"
    first = items[0]
    assert (first.url, first.hints.title, first.hints.published) == (URL, "A bridge & more", WHEN)
    assert (first.hints.publisher, first.hints.authors[0], first.hints.tags) == ("The Gazette", "Ada", ("Towns",))
    assert b"harbour council" in first.data
    if feed.startswith("<?xml"):
        assert first.hints.authors == ("Ada", "Jo")
        assert (items[1].url, items[1].is_link) == ("https://news.example/two", True)
        assert isinstance(items[2], Passed)


@pytest.mark.parametrize("name", ["a.xml", "a.opml"])
def test_xml_entities_are_refused(name, tmp_path):
    path = tmp_path / name
    start = "<rss>" if name == "a.xml" else "<opml>"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{start}&x;')
    with pytest.raises(ReadError, match="entities"):
        read(path)


def test_opml_outlines(tmp_path):
    path = tmp_path / "a.opml"
    path.write_text(
        '<opml version="2.0"><body><outline text="News"><outline text="F" xmlUrl="https://f.example/rss"/>'
        f'<outline text="A bridge" type="link" url="{URL}"/></outline></body></opml>'
    )
    name, (heading, feed, link) = read(path)
    assert name == "opml"
    assert (heading.why, feed.why) == ("heading of an outline", "feed that is subscribed to")
    assert (link.url, link.hints.title) == (URL, "A bridge")


def test_zotero_items(tmp_path):
    path = tmp_path / "a.rdf"
    path.write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:foaf="http://xmlns.com/foaf/0.1/"'
        ' xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:bib="http://purl.org/net/biblio#" xmlns:dcterms="http://purl.org/dc/terms/">'
        f'<bib:Article rdf:about="{URL}"><dc:title>A bridge</dc:title><dc:date>2018-11-01</dc:date>'
        "<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Writer</foaf:surname>"
        "<foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>"
        '<dcterms:isReferencedBy rdf:resource="#note"/><dc:subject>river</dc:subject>'
        f"<dc:identifier><dcterms:URI><rdf:value>{URL}</rdf:value></dcterms:URI></dc:identifier>"
        "<dcterms:dateSubmitted>2018-11-04 15:05:37</dcterms:dateSubmitted></bib:Article>"
        '<bib:Memo rdf:about="#note"><rdf:value>&lt;p&gt;My words&lt;/p&gt;</rdf:value></bib:Memo></rdf:RDF>'
    )
    name, (item, memo) = read(path)
    assert name == "zotero"
    assert (item.url, item.hints.title, item.hints.published) == (URL, "A bridge", "2018-11-01")
    assert (item.hints.authors, item.hints.tags) == (("Ada Writer",), ("river",))
    assert (item.hints.saved.note, item.hints.saved.date) == ("My words", "2018-11-04T15:05:37")
    assert isinstance(memo, Passed)


def test_lists_of_addresses(tmp_path):
    path = tmp_path / "urls.txt"
    path.write_text(f"# mine\n{URL}\n- {URL}2\n{URL}3 | Three\n[Four]({URL}4)\n\n<{URL}5>\nnothing\n")
    name, items = read(path)
    assert name == "addresses"
    assert [(c.url, c.hints.title) for c in captures(path)] == [
        (URL, ""),
        (f"{URL}2", ""),
        (f"{URL}3", "Three"),
        (f"{URL}4", "Four"),
        (f"{URL}5", ""),
    ]
    assert isinstance(items[-1], Passed)


def test_an_article_with_an_address_is_no_list(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"{URL}\n" + "\n".join(SENTENCES))
    assert read(path)[0] == "text"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (1541343937, WHEN), ("1541343937", WHEN), (1541343937000, WHEN), ("1541343937000000", WHEN),
        ("20181104150537", WHEN), ("20181104T150537Z", WHEN), ("2018-11-04", "2018-11-04"), ("", ""), (None, ""),
        (True, ""), ("2018-11-04T15:05:37+0100", "2018-11-04T15:05:37+01:00"), ("nonsense", ""), (7, ""), ("1e999", ""),
        ("Sun, 04 Nov 2018 15:05:37 -0000", WHEN), ("20181340150537", ""), (float("nan"), ""),
    ],
)  # fmt: skip
def test_times_in_all_their_spellings(value, date):
    assert any_date(value) == date


def test_times_that_are_none():
    assert (mail_date("x"), stamp_date("x"), unix_date("x"), unix_date(-5)) == ("", "", "", "")


@pytest.mark.parametrize(
    ("cell", "how", "tags"),
    [
        ('["a", "b"]', "list", ("a", "b")),
        ("['a', 'b']", "list", ("a", "b")),
        ("nonsense(", "list", ()),
        ("", "list", ()),
        ("__import__('os')", "list", ()),
        ("a|b|a", "|", ("a", "b")),
    ],
)
def test_tags_in_a_cell(cell, how, tags):
    assert split_tags(cell, how) == tags


def test_omnivore_bodies_may_be_pdf_or_damaged(tmp_path):
    pytest.importorskip("pypdf")
    rows = [{**OMNIVORE, "slug": slug, "url": f"{URL}/{slug}"} for slug in ("pdf", "bad")]
    files: dict[str, str | bytes] = {
        "metadata_0_to_20.json": json.dumps(rows),
        "content/pdf.pdf": pdf("The harbour council met on Tuesday to vote on the bridge"),
        "content/bad.html": f"<p>{BODY}</p>",
    }
    data = bytearray(zipped(files))
    at = data.find(b"content/bad.html") + 40
    data[at : at + 8] = b"\xff" * 8
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    body, failed, link = read(path)[1]
    assert (body.url, body.media_type, body.hints.saved.by) == (f"{URL}/pdf", "text/plain", "Omnivore")
    assert "damaged body" in failed.why
    assert (link.url, link.is_link) == (f"{URL}/bad", True)
