"""``mtjlab scale``: how many junctions and chains are expected to work."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Result

Command = Callable[..., Result]


def test_rows_have_recognition_by_the_law_and_by_monte_carlo(mtjlab: Command) -> None:
    result = mtjlab("scale", "--junctions", "3,10", "--inputs", "2", "--spacing", "24", "--spread", "4.3", "--json")
    found = result.json
    assert result.code == 0
    assert found["expected"]
    assert [(row["junctions"], row["inputs"], row["spacing_ua"], row["spread_ua"]) for row in found["rows"]] == [
        (3, 2, 24.0, 4.3),
        (10, 2, 24.0, 4.3),
    ]
    for row, share in zip(found["rows"], (0.976, 0.973), strict=True):
        assert row["expected"] == pytest.approx(share, abs=2e-3)
        assert row["monte_carlo"] == pytest.approx(row["expected"], abs=3e-3)
        assert row["fits"]
    (at,) = found["largest"]
    assert (at["equal"]["drive"], at["equal"]["largest"], at["equal"]["binding"]) == (21, 21, "drive")
    assert at["equal"]["limit"] == "limits.junction_current_max_ua = 750 of simulated.toml"
    assert at["classes"] == [{"classes": 7, "chains": 1, "junctions": 6}]


def test_a_table_says_what_is_expected_and_which_limit_binds(mtjlab: Command) -> None:
    result = mtjlab("scale", "--junctions", "3", "--spacing", "120", "--classes", "26", "--voltage-limit", "600")
    assert result.code == 0
    for words in ("EXPECTED, not measured", "100.0", "by --voltage-limit 600", "Graded junctions:"):
        assert words in result.out


def test_a_breakdown_voltage_has_a_source(mtjlab: Command) -> None:
    alone = mtjlab("scale", "--breakdown", "900")
    assert alone.code == 2
    assert "--breakdown-source" in alone.sentence
    given = mtjlab("scale", "--spacing", "24", "--breakdown", "700", "--breakdown-source", "ramps of 2026", "--json")
    assert given.json["largest"][0]["equal"]["limit"] == "breakdown at 700 mV (ramps of 2026)"
    assert given.json["breakdown"] == {"voltage_mv": 700, "source": "ramps of 2026"}


def test_the_figure_is_a_file_of_its_own(mtjlab: Command, tmp_path: Path) -> None:
    result = mtjlab("scale", "--spacing", "24,60", "--figure", tmp_path / "scale.svg", "--json")
    assert result.json["figure"] == str(tmp_path / "scale.svg")
    drawn = (tmp_path / "scale.svg").read_text(encoding="utf-8")
    for words in ("EXPECTED, not measured", "junctions in a chain", "expected recognition (%)", "24 µA: 21 junctions"):
        assert words in drawn
    assert (tmp_path / "runs").exists() is False


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--junctions 2.5", "--junctions 2.5: 2.5 is not a whole number"),
        ("--inputs 65", "65 is above the limit, 64"),
        ("--spacing 0", "0 is below the limit"),
        ("--down 5", "--down 5: a junction resets at a current below zero"),
        ("--spacing 60 --figure scale.pdf", "scale.pdf: a figure is a .png or .svg file"),
        ("--spacing 60 --figure nowhere/scale.png", "the figure cannot be written"),
        (
            "--junctions 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21 --spacing 1,2,3,4,5,6,7,8,9,10",
            "210 rows",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(mtjlab: Command, options: str, message: str) -> None:
    result = mtjlab("scale", *options.split())
    assert result.code == 2
    assert message in result.sentence
