"""Tables of one's own: any classes, any features; a mistake is named by file, line and column."""

import csv
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mtjlab.errors import RefusedError
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
    "text",
    [
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace(",", ";").replace(".", ","),
        "sep=;\n" + GOOD.replace(",", ";"),
        '"sep=|",,\n' + GOOD.replace(",", "|"),
        GOOD.replace("label", "Label"),
        GOOD.replace("label", " LABEL "),
        GOOD.replace("\n", ",,\n"),
        GOOD.replace("\n", "\n\n"),
        "\n,,\n" + GOOD + ",,\n  \n\x1a",
        "\ufeff" + GOOD.replace("\n", "\r\n"),
        GOOD.replace("length_mm", '"length_mm"').replace("bee", '"bee"').replace(",", ", "),
    ],
    ids=repr,
)
def test_a_table_may_be_as_a_spreadsheet_saves_it(tmp_path: Path, text: str) -> None:
    plain, other = read_table(table(tmp_path, GOOD)), read_table(table(tmp_path, text))
    assert (other.feature_names, other.tokens) == (plain.feature_names, plain.tokens)


def test_a_table_in_the_encoding_of_windows_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "insects.csv"
    path.write_bytes(GOOD.replace("bee", "Käfer").encode("cp1252"))
    with pytest.raises(RefusedError, match=r"line 4 is not UTF-8.*would read 'Käfer,12,0\.1'.*CSV UTF-8"):
        read_table(path)


name = st.text(st.characters(exclude_characters="\0\r\x1a\ufeff", exclude_categories=["Cs"]), min_size=1)
name = name.map(str.strip).filter(bool)


@given(
    labels=st.lists(name, min_size=2, max_size=4, unique=True),
    features=st.lists(name, min_size=1, max_size=3, unique_by=str.casefold),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_any_text_may_name_a_class_or_a_feature(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], features: list[str], separator: str
) -> None:
    assume(not {"label", "name", "talker"} & {feature.casefold() for feature in features})
    path = tmp_path_factory.mktemp("any") / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
        writer.writerow(["label", *features])
        writer.writerows([label, *[k] * len(features)] for k, label in enumerate(labels * 2))
    data = read_table(path)
    assert data.feature_names == tuple(features)
    assert [token.label for token in data.tokens] == labels * 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("sep=|\n|||\n", "empty"),
        ('""\n', "empty"),
        ("class,x\na,1\na,2\nb,3\nb,4\n", "label"),
        (GOOD.replace("3.6", "many"), r"line 3.*length_mm"),
        (GOOD.replace("3.6", "nan"), r"line 3.*length_mm"),
        (GOOD.replace("3.6", ""), r"line 3.*length_mm"),
        (GOOD.replace("bee,12,0.1", "bee,12"), "line 4"),
        (GOOD.replace("bee", "ant"), "nothing to learn"),
        (GOOD + "fly,5,0.01\n", "fly"),
        ("label\na\na\nb\nb\n", "feature"),
        (GOOD.replace("3.6", "1_0"), r"line 3, column 'length_mm': holds '1_0', not a number such as 1\.5"),
        (GOOD.replace("3.6", "0x1F"), "line 3.*not a number"),
        (GOOD.replace("3.6", "٣"), "line 3.*not a number"),
        (GOOD.replace("3.6", "1e200"), "line 3.*between 1e-100 and 1e\\+100"),
        (GOOD.replace("3.6", "1e-200"), "line 3.*between"),
        (GOOD.replace("3.6", '"3.6'), "line 3: is not CSV, a quote has no end"),
        (GOOD.replace("3.6", '"3.6') + "x" * 200_000, "line 3: is not CSV, a quote has no end"),
        (GOOD.replace("2e-3", "2e-3,5"), "line 1: a column has no name"),
        (GOOD.replace("mass_g", "Label"), "'label' occurs 2 times"),
        (
            GOOD.replace(",", ";").replace("3.6", "3,6"),
            r"line 2.*holds '3\.5', while other numbers have a decimal comma",
        ),
        (GOOD.replace(",", "\t").replace("3.6", "3,6"), "line 3.*holds '3,6', not a number"),
        ('label,x\n"a\na",1\nb,y\n', "line 4, column 'x'"),
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

    def test_the_case_of_names_does_not_matter(self, tmp_path: Path) -> None:
        text = "Mass_G;Name;LENGTH_MM\n0,001;one;3,5\n"
        assert self.read(tmp_path, text) == [("one", "", (3.5, 0.001))]

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
            ("length_mm,mass_g\n3\n", "line 2, column 'mass_g': is empty"),
            ("length_mm,Mass_g,mass_G\n3,1,2\n", "'mass_g' occurs 2 times"),
        ],
    )
    def test_what_cannot_be_classified_is_refused(self, tmp_path: Path, text: str, complaint: str) -> None:
        with pytest.raises(DataError, match=complaint) as refused:
            self.read(tmp_path, text)
        assert "insects.csv" in str(refused.value)
