"""Tables of one's own: any classes, any features; a mistake is named by file, line and column."""

from pathlib import Path

import pytest

from mtjlab.vowels.data_set import DataError
from mtjlab.vowels.tables import read_table, read_tokens

GOOD = "label,length_mm,mass_g\nant,3.5,1e-3\nant,3.6,2e-3\nbee,12,0.1\nbee,13,0.2\n"


def table(folder: Path, text: str) -> Path:
    path = folder / "insects.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read_under_the_name_of_its_file(tmp_path: Path) -> None:
    data = read_table(table(tmp_path, GOOD))
    assert (data.name, data.feature_names, data.classes) == ("insects", ("length_mm", "mass_g"), ("ant", "bee"))
    assert data.tokens[0].features == (3.5, 1e-3)
    assert len({token.name for token in data.tokens}) == 4


def test_names_and_talkers_may_be_given(tmp_path: Path) -> None:
    rows = ["talker,name,label,x", "eve,e1,yes,1", "eve,e2,no,2", "ann,a1,yes,3", "ann,a2,no,4"]
    data = read_table(table(tmp_path, "\n".join(rows)))
    assert [(token.name, token.talker) for token in data.tokens][:2] == [("e1", "eve"), ("e2", "eve")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("class,x\na,1\na,2\nb,3\nb,4\n", "label"),
        (GOOD.replace("3.6", "many"), r"line 3.*length_mm"),
        (GOOD.replace("3.6", "nan"), r"line 3.*length_mm"),
        (GOOD.replace("3.6", ""), r"line 3.*length_mm"),
        (GOOD.replace("bee,12,0.1", "bee,12"), "line 4"),
        (GOOD.replace("bee", "ant"), "nothing to learn"),
        (GOOD + "fly,5,0.01\n", "fly"),
        ("label\na\na\nb\nb\n", "feature"),
    ],
)
def test_a_table_that_cannot_be_learnt_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint) as refused:
        read_table(table(tmp_path, text))
    assert "insects.csv" in str(refused.value)


class TestTokensToClassify:
    """Only the features of a network are asked for, by name; what the tokens are need not be known."""

    def read(self, folder: Path, text: str) -> list[tuple[str, str, tuple[float, ...]]]:
        tokens = read_tokens(table(folder, text), ("length_mm", "mass_g"))
        return [(token.name, token.label, token.features) for token in tokens]

    def test_columns_stand_in_any_order_beside_others(self, tmp_path: Path) -> None:
        text = "mass_g,legs,length_mm\n0.001,6,3.5\n0.2,six,12\n"
        assert self.read(tmp_path, text) == [("row 1", "", (3.5, 0.001)), ("row 2", "", (12.0, 0.2))]

    def test_names_and_labels_are_taken_where_there_are_some(self, tmp_path: Path) -> None:
        text = "name,label,length_mm,mass_g\none,ant,3,1\n,bee,12,2\ntwo,,4,1\n"
        assert [row[:2] for row in self.read(tmp_path, text)] == [("one", "ant"), ("row 2", "bee"), ("two", "")]

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("length_mm,label\n3,ant\n", r"line 1: no column 'mass_g' .*features length_mm, mass_g"),
            ("label\nant\n", "no column 'length_mm', 'mass_g'"),
            ("", "empty"),
            ("length_mm,mass_g\n", "no tokens"),
            ("length_mm,mass_g,mass_g\n3,1,2\n", "'mass_g' occurs 2 times"),
            ("name,length_mm,mass_g\none,3,1\none,4,1\n", "2 tokens are named 'one'"),
            ("length_mm,mass_g\n3,heavy\n", r"line 2, column 'mass_g': holds 'heavy'"),
            ("length_mm,mass_g\n3,inf\n", r"line 2, column 'mass_g'"),
            ("length_mm,mass_g\n3\n", "line 2: 1 cells instead of 2"),
        ],
    )
    def test_what_cannot_be_classified_is_refused(self, tmp_path: Path, text: str, complaint: str) -> None:
        with pytest.raises(DataError, match=complaint) as refused:
            self.read(tmp_path, text)
        assert "insects.csv" in str(refused.value)
