"""Trees that are asked about many rows at once give what each row's own walk gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.cleaning.text.forest import forest_from
from backfile.cleaning.text.titles import MEASURES
from backfile.cleaning.text.weights import current, weights_from

values = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])
trees = st.lists(
    st.recursive(
        st.floats(-2, 2),
        lambda below: st.tuples(st.integers(0, 3), values, below, below).map(list),
        max_leaves=12,
    ),
    min_size=1,
    max_size=8,
)
rows = st.lists(st.tuples(values, values, values, values), max_size=20)


def walk(node, row):
    while isinstance(node, list):
        node = node[2] if row[node[0]] <= node[1] else node[3]
    return node


@given(trees, rows)
def test_the_sums_are_those_of_walking(forest, table):
    """Also where a tree is one leaf, and where there are no rows."""
    sums = forest_from(forest).sums(np.array(table, dtype=float).reshape(-1, 4))
    assert sums.tolist() == pytest.approx([sum(walk(tree, row) for tree in forest) for row in table])


def test_other_weights_are_used_for_a_while(tmp_path):
    """And the shipped ones again afterwards."""
    (tmp_path / "fold.json").write_text('{"first": [1.0], "second": [[0, 0.5, -1.0, 1.0]]}')
    (tmp_path / "fold.toml").write_text("none = 0.5\n[slopes]\nfirst = 2.0\n[steps]\nsize = [[15, 1.0], [25, -3.0]]\n")
    with weights_from(tmp_path / "fold"):
        headline = current().headline
        assert headline.none == 0.5
        sizes = [tuple(size if name == "size" else 0.0 for name in MEASURES) for size in (15, 16, 26)]
        assert headline.weigh(np.array(sizes)).tolist() == [0.0, 1.0, -2.0]
        assert headline.weigh(np.array([[float(name == "first") for name in MEASURES]])).tolist() == [2.0]
        assert current().first.sums(np.array([[0.0], [1.0]])).tolist() == [1.0, 1.0]
    assert len(current().headline.stepped) > 10
