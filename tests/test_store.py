"""content/: nothing of the user's is overwritten, and nothing is half-written."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from backfile import files
from backfile.files import write_durable, write_new, write_replaceable
from backfile.markdown import dump_article
from backfile.model import Article, Capture, Cleaned, Receipt
from backfile.receipts import StoredReceipt, read_receipt, read_stored, receipt_path, write_receipt
from backfile.report import ReadError
from backfile.store import keep
from tests.conftest import tree

WRITERS = [write_durable, write_new, write_replaceable]


def cleaned(number: int = 1, title: str = "Tokyo", published: str = "2025-01-06") -> Cleaned:
    name = f"{number:016x}"
    article = Article(title=title, published=published, id=name, body="Words.")
    return Cleaned(article=article, receipt=Receipt(id=name), text="Words.")


@pytest.fixture
def archive(tmp_path):
    return {"articles": tmp_path / "articles", "receipts": tmp_path / "receipts"}


def test_an_article_is_kept_once(archive):
    first = keep(cleaned(), **archive)
    assert (first.outcome, first.article) == ("added", "2025/01/tokyo.md")
    before = tree(archive["articles"])
    assert keep(cleaned(), **archive).outcome == "already there"
    assert tree(archive["articles"]) == before
    stored = read_stored(archive["receipts"], cleaned().receipt.id)
    assert stored
    assert stored.markdown.encode() == before["2025/01/tokyo.md"]


def test_two_articles_of_one_title_get_two_files(archive):
    names = [keep(cleaned(n), **archive).article for n in (1, 0xABCDEF0000000000, 0xABCDEF0000000001)]
    assert names == ["2025/01/tokyo.md", "2025/01/tokyo-abcdef.md", "2025/01/tokyo-abcdef0000000001.md"]
    other = archive["articles"] / "2025/01/tokyo-abcdef0000000002.md"
    other.write_text("mine")
    with pytest.raises(FileExistsError):
        keep(cleaned(0xABCDEF0000000002), **archive)
    assert other.read_text() == "mine"


def test_an_undated_article_stands_apart(archive):
    assert keep(cleaned(published=""), **archive).article == "undated/tokyo.md"


def test_an_edited_article_is_never_overwritten(archive):
    """Law 7, also where the receipt was lost."""
    path = archive["articles"] / keep(cleaned(), **archive).article
    path.write_text(path.read_text().replace("Words.", "My own words."))
    receipt_path(archive["receipts"], cleaned().receipt.id).unlink()
    assert keep(cleaned(), **archive).outcome == "added"
    assert "My own words." in path.read_text()
    assert len(tree(archive["articles"])) == 1


def test_a_file_that_cannot_be_read_as_an_article_is_somebody_elses(archive):
    path = archive["articles"] / "2025/01/tokyo.md"
    path.parent.mkdir(parents=True)
    path.write_text("---\nbroken: [\n---\n")
    assert keep(cleaned(), **archive).article == "2025/01/tokyo-000000.md"
    assert path.read_text() == "---\nbroken: [\n---\n"


def test_a_deleted_article_stays_deleted(archive):
    path = archive["articles"] / keep(cleaned(), **archive).article
    path.unlink()
    assert keep(cleaned(), **archive).outcome == "deleted by you"
    assert not path.exists()


def test_a_killed_run_is_taken_up_where_it_ended(archive, monkeypatch):
    """Killed between article and receipt: the next run writes the receipt and no second article."""
    with monkeypatch.context() as patch:
        patch.setattr("backfile.store.write_receipt", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            keep(cleaned(), **archive)
    assert keep(cleaned(), **archive).outcome == "added"
    assert list(tree(archive["articles"])) == ["2025/01/tokyo.md"]
    assert read_receipt(archive["receipts"], cleaned().receipt.id)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("call", ["replace", "link", "fsync", "open"])
def test_a_failed_write_leaves_nothing(write, call, tmp_path, monkeypatch):
    """A full disk at any step: the target is absent or whole, and no temporary file stays."""
    target = tmp_path / "deep" / "file.md"

    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if call == "replace":
            patch.setattr(Path, "replace", fail)
            patch.setattr(os, "replace", fail)
            patch.setattr(os, "link", fail)
        elif call == "open":
            patch.setattr(Path, "open", fail)
            patch.setattr(os, "open", fail)
        else:
            patch.setattr(files.os, call, fail)
        try:
            write(target, b"data")
            done = True
        except OSError:
            done = False
    assert target.exists() or not done
    assert not target.exists() or target.read_bytes() == b"data"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] in ([], ["file.md"])


def test_a_new_file_is_not_an_old_one(tmp_path):
    target = tmp_path / "a"
    write_new(target, b"one")
    with pytest.raises(FileExistsError):
        write_new(target, b"two")
    assert tree(tmp_path) == {"a": b"one"}


def test_a_file_system_without_hard_links(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "not supported")))
    write_new(tmp_path / "a", b"one")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"two")
    assert tree(tmp_path) == {"a": b"one"}


def test_damaged_receipts_are_named(tmp_path):
    receipt = Receipt(id="0" * 16)
    write_receipt(tmp_path, StoredReceipt(article="a.md", markdown="x", receipt=receipt))
    assert read_receipt(tmp_path, receipt.id) == receipt
    receipt_path(tmp_path, receipt.id).write_bytes(b'{"article": "a\xff')
    with pytest.raises(ReadError, match="is not as it was written"):
        read_stored(tmp_path, receipt.id)
    assert read_receipt(tmp_path, receipt.id) is None
    assert read_receipt(tmp_path, "../../../etc/passwd") is None
    assert read_stored(tmp_path, "1" * 16) is None


def test_a_capture_with_a_surrogate_in_its_address_has_a_name():
    from backfile.cleaning.identity import capture_id

    names = {capture_id(Capture(data=b"x", url=url)) for url in ("", "http://e.org/\udc80")}
    assert len(names) == 2


def test_markdown_of_a_cleaned_article_has_its_id():
    article = replace(cleaned().article, original="content/saved/a.html")
    assert "original: content/saved/a.html" in dump_article(article)


@pytest.mark.parametrize("write", WRITERS)
def test_an_error_names_the_file_and_not_the_temporary_one(write, tmp_path, monkeypatch):
    """Of a write that fails the system names no file at all."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file") as caught:
        write(tmp_path / "file" / "new", b"x")
    assert not str(caught.value).endswith(".backfile-tmp")
    monkeypatch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
    monkeypatch.setattr(files.os, "write", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(OSError, match="Input/output") as caught:
        write(tmp_path / "new", b"x")
    assert caught.value.filename == str(tmp_path / "new")


def test_a_disk_that_fails_once_is_asked_again(tmp_path):
    """A page without its receipt, or a search index without an article, would stay so: nothing else has changed."""
    answers = iter([OSError(errno.EIO, "Input/output error"), b"x"])

    def read(_):
        if isinstance(answer := next(answers), OSError):
            raise answer
        return answer

    assert files.asked_twice(read, tmp_path) == b"x"
    with pytest.raises(FileNotFoundError):
        files.asked_twice(Path.read_bytes, tmp_path / "gone")
