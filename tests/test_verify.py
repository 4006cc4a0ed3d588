"""`backfile verify`: any flipped bit of `content/` is found and named, and every article is judged by its original."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time

import pytest
from click.testing import CliRunner

from backfile import cli
from backfile.config import Site
from backfile.fixity import LOG, MANIFEST
from backfile.pipeline import BuildOptions, build_site, locked, reclean
from backfile.report import Report, SiteError
from backfile.verifying import verify_site
from tests.conftest import article, tree
from tests.faults.harness import FIRST, page


@pytest.fixture
def site(make_site) -> Site:
    found = make_site({name: text for name, text in FIRST.items() if name != "backfile.toml"})
    (found.saved / "part_files").mkdir()
    (found.saved / "part_files/style.css").write_text("p { color: red }")
    (found.root / "content/pages").mkdir()
    (found.root / "content/pages/about.md").write_text("# About\n")
    build_site(found)
    return found


def kinds(site: Site, **how) -> dict[str, list[str]]:
    findings = verify_site(site, BuildOptions(), **how)
    return {name: [f.where for f in findings.found if f.kind == name] for name in {f.kind for f in findings.found}}


def problems(site: Site, **how) -> set[str]:
    found = verify_site(site, BuildOptions(), **how)
    return {each.where for each in found.found if found.kinds[each.kind].level == "error"}


def test_a_sound_site(site):
    findings = verify_site(site, BuildOptions())
    assert not findings.found
    assert findings.counts["identical"] == 3
    assert findings.counts["receipts as written"] == 6
    line = (site.root / "content" / LOG).read_text()
    assert "sound: " in line
    assert not verify_site(site, BuildOptions(), quick=True).found


def test_any_flipped_bit_is_found_and_named(site):
    verify_site(site, BuildOptions(), quick=True)
    dice = random.Random(1)
    content = site.root / "content"
    for path in sorted(p for p in content.rglob("*") if p.is_file()):
        before = path.read_bytes()
        for place in {0, len(before) - 1, dice.randrange(len(before))}:
            log = (content / LOG).read_bytes()
            path.write_bytes(before[:place] + bytes([before[place] ^ (1 << dice.randrange(8))]) + before[place + 1 :])
            assert f"content/{path.relative_to(content)}" in problems(site, quick=True), place
            (content / LOG).write_bytes(log)
            path.write_bytes(before)
    assert not problems(site, quick=True)


def test_files_that_are_gone(site):
    saved = site.saved / "a.html"
    receipt = next(path for path in site.receipts.rglob("*.json") if "c/d.html" in path.read_text())
    saved.unlink()
    receipt.unlink()
    found = kinds(site)
    assert found["missing"] == ["content/saved/a.html"]
    assert len(found["no receipt"]) == 1
    build_site(site)
    assert problems(site, quick=True) >= {"content/saved/a.html"}, "a build takes no note of a lost original"
    assert "content/saved/a.html" not in problems(site, quick=True, accepted=[saved])


@pytest.mark.parametrize("builds_between", [0, 1])
def test_an_original_that_was_moved_is_known_by_its_bytes(site, builds_between):
    (site.saved / "2024").mkdir()
    (site.saved / "a.html").rename(site.saved / "2024/ships.html")
    for _ in range(builds_between):
        assert build_site(site).counts["added"] == 0
    found = kinds(site)
    assert found["moved"] == ["content/saved/2024/ships.html"]
    assert found["drifted"], "the article names its original, until it is cleaned again"
    assert found.keys() <= {"moved", "new", "drifted"}
    assert not problems(site)
    reclean(site, [], BuildOptions(), Report())
    assert kinds(site, accepted=[site.saved / "a.html"]).keys() <= {"new"}


def test_a_receipt_that_is_gone_is_made_anew_from_its_original(make_site):
    site = make_site({"content/saved/a.html": page("Ships in the harbour", "ships")})
    time.sleep(0.1)  # files that are younger than a tick of the clock are read again
    build_site(site)
    before = tree(site.root / "content/receipts")
    path = next(site.articles.rglob("*.md"))
    path.write_text(path.read_text() + "\nMy own remark.\n")
    shutil.rmtree(next(site.receipts.glob("*")))
    build_site(site)
    assert len(kinds(site)["no receipt"]) == 1
    build_site(site, BuildOptions(force=True))
    assert tree(site.root / "content/receipts") == before
    assert kinds(site) == {"edited": [f"content/articles/{path.relative_to(site.articles)}"]}


def test_a_changed_original_is_never_taken_for_the_right_one(site):
    (site.saved / "a.html").write_text(page("Other ships", "ships"))
    build_site(site)
    assert "content/saved/a.html" in problems(site, quick=True)
    assert "content/saved/a.html" not in problems(site, quick=True, accepted=[site.saved / "a.html"])


def test_edits_are_no_damage(site):
    path = next(site.articles.glob("2024/03/ships-in-the-harbour*.md"))
    path.write_text(path.read_text() + "\nMy own remark.\n")
    (site.articles / "2023/own.md").unlink()
    build_site(site)
    found = kinds(site)
    assert found == {"edited": [f"content/articles/{path.relative_to(site.articles)}"]}
    path.write_text(path.read_text() + "\nAnd another.\n")
    assert not problems(site)


@pytest.mark.parametrize("left", ["", "---\ntitle: Ships\n---\n\nNothing else.\n"], ids=["emptied", "without its id"])
def test_an_article_that_lost_its_text_is_not_identical(site, left):
    path = next(site.articles.glob("2024/03/ships-in-the-harbour*.md"))
    path.write_text(left)
    report = build_site(site)
    assert any(notice.what == "is empty" for notice in report.notices) is (not left)
    assert kinds(site)["edited"] == [f"content/articles/{path.relative_to(site.articles)}"]


def test_profiles_are_the_users_to_edit(site):
    (site.root / "content/publishers").mkdir()
    profile = site.root / "content/publishers/post.example.toml"
    for words in ("Read on in the app", "Read on"):
        profile.write_text(f'[[rules]]\naction = "drop"\ntext = "{words}"\n')
        build_site(site)
        assert not problems(site)


def test_articles_of_an_older_cleaner(site, monkeypatch):
    from backfile import saving

    plain = saving.clean

    def other(capture, options):
        cleaned = plain(capture, options)
        return cleaned.__class__(
            article=cleaned.article.__class__(title="Other"), receipt=cleaned.receipt, text=cleaned.text
        )

    monkeypatch.setattr(saving, "clean", other)
    assert len(kinds(site)["drifted"]) == 3
    assert not problems(site)


def record(kind: str, payload: bytes, digest: str) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x:{kind}>\r\nWARC-Target-URI: http://a.example/{kind}\r\n"
    head += f"WARC-Block-Digest: {digest}\r\nContent-Length: {len(payload)}\r\n\r\n"
    return head.encode() + payload + b"\r\n\r\n"


def test_digests_of_web_archives(make_site):
    right = "sha1:" + "LZ5YSB6UTJL7XJ3A5LQAOVKAKBVGTJKV"
    picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG"
    data = record("response", picture, right) + record("warcinfo", b"x", "sha1:" + "A" * 32)
    site = make_site({"content/saved/a.warc": data})
    build_site(site)
    found = [f for f in verify_site(site, BuildOptions()).found if f.kind == "record"]
    assert {each.where for each in found} == {"content/saved/a.warc"}
    assert {each.detail.partition(": its")[0] for each in found} == {"urn:x:response", "urn:x:warcinfo"}


def test_strange_names_are_recorded_as_sha256sum_does(make_site):
    site = make_site({"content/saved/back\\slash\nand line.html": page("Ships", "ships")})
    build_site(site)
    assert not kinds(site)
    subprocess.run(
        ["sha256sum", "-c", "--strict", MANIFEST], cwd=site.root / "content", check=True, capture_output=True
    )


def test_only_files_of_the_archive_are_accepted(site, tmp_path):
    with pytest.raises(SiteError, match="is not in"):
        verify_site(site, BuildOptions(), accepted=[tmp_path / "x"])


def test_the_command(site):
    run = CliRunner().invoke
    result = run(cli.commands, ["verify", "--site", str(site.root), "--json"], standalone_mode=False)
    assert result.return_value == 0
    assert json.loads(result.stdout)["counts"]["identical"] == 3
    (site.saved / "a.html").write_text("<p>Damaged")
    result = run(cli.commands, ["verify", "--site", str(site.root), "--quiet"], standalone_mode=False)
    assert result.return_value == 1
    assert "content/saved/a.html" in result.stdout
    assert "--accept" in result.stdout


def test_a_list_that_may_not_be_written_stops_nothing(make_site, monkeypatch):
    site = make_site({"content/articles/a.md": article()})

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("backfile.fixity.write_durable", refuse)
    assert build_site(site).counts["articles"] == 1


def test_what_changed_alone_is_recorded_as_if_everything_were(make_site):
    names = ["b.md", "a b.md", "deep/è.md", "back\\slash.md", "line\nbreak.md"]
    site = make_site({f"content/articles/{name}": article(name) for name in names})
    build_site(site)
    recorded = site.root / "content" / MANIFEST
    for step in range(6):
        name = names[step % len(names)]
        path = site.articles / name
        if step == 2:
            path.unlink()
        elif step == 3:
            (site.articles / "0 new.md").write_text(article("New"))
        else:
            path.write_text(article(f"{name} {step}"))
        build_site(site)
        alone = recorded.read_bytes()
        recorded.unlink()
        (site.cache / "fixity").unlink()
        with locked(site):
            pass
        assert recorded.read_bytes() == alone
    subprocess.run(["sha256sum", "-c", "--quiet", MANIFEST], cwd=site.root / "content", check=True)
    assert not problems(site)
