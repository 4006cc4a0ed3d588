"""Merging the machine's changes into a file that the user has edited."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from backfile.merging import merge_files, merge_texts, paragraphs

HEAD = '---\ntitle: Tide\ntags:\n  - sea\narchive:\n  id: "0011223344556677"\n  cleaned_by: "1"\n---\n'
BASE = f"{HEAD}\nOne.\n\nTwo.\n\nThree.\n"


def test_a_file_that_nobody_edited_is_the_machines() -> None:
    assert merge_files(BASE, BASE, BASE.replace("Two", "2")).text == BASE.replace("Two", "2")


def test_a_file_that_the_machine_leaves_alone_is_the_users() -> None:
    mine = BASE.replace("Two.", "Two, and more.")
    assert merge_files(BASE, mine, BASE).text == mine


def test_changes_in_different_paragraphs_are_both_kept() -> None:
    mine = BASE.replace("Two.", "Two, by me.") + "\nMy note.\n"
    theirs = BASE.replace("One.", "Zero.\n\nOne.").replace("Three.", "Three, cleaner.").replace('"1"', '"2"')
    merged = merge_files(BASE, mine, theirs)
    assert merged.text.endswith("---\n\nZero.\n\nOne.\n\nTwo, by me.\n\nThree, cleaner.\n\nMy note.\n")
    assert 'cleaned_by: "2"' in merged.text
    assert not merged.conflicts


def test_lines_of_one_list_are_merged_line_by_line() -> None:
    base = "- one\n- two\n- three\n- four\n"
    mine = base.replace("two", "two, by me")
    theirs = base.replace("four", "four, cleaner")
    assert merge_files(base, mine, theirs).text == "- one\n- two, by me\n- three\n- four, cleaner\n"


def test_where_both_changed_the_same_the_user_wins_and_it_is_said() -> None:
    merged = merge_files(BASE, BASE.replace("Two.", "Two, by me."), BASE.replace("Two.", "Two, cleaner."))
    assert "Two, by me." in merged.text
    assert merged.conflicts == ("Two, cleaner.",)


def test_front_matter_is_merged_key_by_key_with_the_users_own_keys_and_remarks() -> None:
    mine = BASE.replace("title: Tide", "title: My tide # better\nrating: 5").replace("  - sea", "  - sea\n  - mine")
    theirs = BASE.replace("title: Tide\n", "title: Tide\ndate: 2024-04-30\n").replace('"1"', '"2"')
    merged = merge_files(BASE, mine, theirs).text
    assert "title: My tide # better\ndate: 2024-04-30\nrating: 5\n" in merged
    assert "  - mine\n" in merged
    assert merged.endswith(BASE.partition("---\n\n")[2])


def test_a_key_that_both_changed_stays_the_users() -> None:
    merged = merge_files(BASE, BASE.replace("Tide", "Mine"), BASE.replace("Tide", "Theirs"))
    assert "title: Mine" in merged.text
    assert merged.conflicts == ("title",)


def test_front_matter_that_cannot_be_read_stays_as_it_is() -> None:
    mine = BASE.replace("title: Tide", "title: [Tide")
    assert merge_files(BASE, mine, BASE.replace("One", "1")).text == mine


def test_a_key_that_the_machine_no_longer_gives_goes_unless_the_user_changed_it() -> None:
    theirs = BASE.replace("tags:\n  - sea\n", "")
    assert "tags" not in merge_files(BASE, BASE + "\nNote.\n", theirs).text
    assert "river" in merge_files(BASE, BASE.replace("sea", "river"), theirs).text


def test_code_with_blank_lines_is_one_paragraph() -> None:
    assert paragraphs("a\n\n```\nb\n\nc\n```\n\nd") == ["a", "```\nb\n\nc\n```", "d"]


def test_line_ends_of_windows_stay() -> None:
    def windows(text: str) -> str:
        return text.replace("\n", "\r\n")

    mine, theirs = BASE.replace("Two.", "My two."), BASE.replace("Three.", "3.")
    for one, other in ((mine, theirs), (BASE, theirs), (mine, mine), (mine, BASE.replace("Two.", "2."))):
        merged = merge_files(BASE, one, other)
        assert merge_files(BASE, windows(one), other) == replace(merged, text=windows(merged.text))
    mixed = windows(mine).replace("\r\n", "\n", 1)
    assert merge_files(BASE, mixed, BASE.replace("Two.", "2.")).text == mixed
    assert merge_files(BASE, mixed, theirs).text == windows(merge_files(BASE, mine, theirs).text)


words = st.lists(st.sampled_from(["a", "b", "c d", "e\nf", "g"]), max_size=8)


@given(words, words, words)
def test_no_word_that_the_user_wrote_disappears(base: list[str], mine: list[str], theirs: list[str]) -> None:
    own = [f"mine {n} {text}" if text not in base else text for n, text in enumerate(mine)]
    merged, _ = merge_texts(base, own, theirs)
    lines = "\n".join(merged)
    assert all(text in lines for text in own if text.startswith("mine"))


@given(words, words)
def test_merging_with_oneself_changes_nothing(base: list[str], other: list[str]) -> None:
    assert merge_texts(base, other, base) == (other, [])
    assert merge_texts(base, base, other) == (other, [])
    assert merge_texts(base, other, other) == (other, [])


@given(words, words, words)
def test_a_merge_done_again_changes_nothing(base: list[str], mine: list[str], theirs: list[str]) -> None:
    once, _ = merge_texts(base, mine, theirs)
    assert merge_texts(theirs, once, theirs) == (once, [])
