"""Exports that are folders: lists beside the files they tell of."""

from __future__ import annotations

import json

from tests.importers.helpers import captures, imported, story
from tests.importers.test_pictures import figure, page, picture

ZOTERO = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:link="http://purl.org/rss/1.0/modules/link/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/">
<bib:Article rdf:about="https://news.example/bridge"><z:itemType>newspaperArticle</z:itemType>
<link:link rdf:resource="#item_2"/><dc:title>A bridge at last</dc:title><dc:subject>river</dc:subject>
<dc:identifier><dcterms:URI><rdf:value>https://news.example/bridge</rdf:value></dcterms:URI></dc:identifier></bib:Article>
<z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/2/page.html"/>
<dc:title>Snapshot</dc:title></z:Attachment></rdf:RDF>"""


def test_a_zotero_item_and_its_snapshot_are_one_article(make_site):
    files = {"Lib.rdf": ZOTERO, "files/2/page.html": page(figure("pic.jpg")), "files/2/pic.jpg": picture()}
    site = make_site({f"content/saved/lib/{name}": data for name, data in files.items()})
    result = imported(site)
    assert (result.only.url, result.only.tags, result.only.link_only) == (
        "https://news.example/bridge",
        ("river",),
        False,
    )
    assert result.only.figures[0].file
    assert result.report.counts["added"] == 1


def test_a_zotero_item_without_its_file_is_an_address(make_site):
    site = make_site({"content/saved/Lib.rdf": ZOTERO})
    assert imported(site).only.link_only


def test_an_unpacked_omnivore_export_is_read_with_bodies_and_highlights(make_site):
    row = {"slug": "bridge-1", "url": "https://news.example/bridge", "savedAt": "2024-01-01", "state": "Archived"}
    row["labels"] = ["river"]
    site = make_site(
        {
            "content/saved/o/metadata_0_to_20.json": json.dumps([row]),
            "content/saved/o/content/bridge-1.html": story(),
            "content/saved/o/highlights/bridge-1.md": "> Work begins in March\n\nFinally\n",
        }
    )
    result = imported(site)
    assert not result.only.link_only
    assert result.only.tags == ("river",)
    assert result.only.saved.highlights == ("Work begins in March — Finally",)
    assert result.report.counts["added"] == 1


def test_bodies_alone_are_pages_of_their_own(tmp_path):
    path = tmp_path / "content/bridge.html"
    path.parent.mkdir()
    path.write_text(story())
    assert len(captures(path)) == 1
