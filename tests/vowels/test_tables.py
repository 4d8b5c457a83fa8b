"""Tables of one's own: any classes, any features; a mistake is named by file, line and column."""

from pathlib import Path

import pytest

from mtjlab.vowels.data_set import DataError
from mtjlab.vowels.tables import read_table

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
