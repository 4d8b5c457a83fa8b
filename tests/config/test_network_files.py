"""The file of a trained network: read, edited by hand, and refused where it does not fit together."""

from pathlib import Path

import pytest

from mtjlab.config import Network, read_network, write_network
from mtjlab.config.network import configuration_of
from mtjlab.domain import ControlCurrents, SwitchingConfiguration
from mtjlab.errors import RefusedError

NETWORK = Network(
    device="chip 1",
    run="2026-11-23/0001-train",
    features=("F1", "F2"),
    control_currents_ua=((-500.0, -460.0, -0.1), (-480.0, -380.0, -560.0)),
    coefficients_ua=((300.0, 0.1, 1 / 3), (100.0, -0.25, 0.0)),
    classes={"[1A, 0B]": "ih", "[3A, 2B]": "uw"},
)


def edited(folder: Path, old: str, new: str) -> Path:
    path = folder / "network.toml"
    write_network(path, NETWORK)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert read_network(edited(tmp_path, "ih", "ih")) == NETWORK
    assert NETWORK.controls == ControlCurrents(NETWORK.control_currents_ua)


def test_inputs_are_a_constant_and_a_slope_for_each_feature_to_the_na() -> None:
    assert NETWORK.inputs_ua((500.0, 100.0)) == (383.333, -25.0)


def test_a_class_that_somebody_wrote_into_it_is_the_class(tmp_path: Path) -> None:
    network = read_network(edited(tmp_path, '"[1A, 0B]" = "ih"', '"[1A,0B]" = "iy"\n"[2A, 2B]" = "ih"'))
    assert network.table.class_of(SwitchingConfiguration((1, 0))) == "iy"
    assert network.table.class_of(SwitchingConfiguration((2, 2))) == "ih"


def test_a_configuration_that_stands_for_nothing_is_no_class() -> None:
    assert NETWORK.table.class_of(SwitchingConfiguration((2, 1))) is None
    assert NETWORK.table.class_of(SwitchingConfiguration((0, 1))) is None


def test_a_class_may_have_several_configurations(tmp_path: Path) -> None:
    classes = {"[1A, 0B]": "ih", "[0A, 0B]": "ih", "[3A, 2B]": "uw"}
    write_network(tmp_path / "network.toml", NETWORK.model_copy(update={"classes": classes}))
    table = read_network(tmp_path / "network.toml").table
    assert table.classes == ("ih", "uw")
    assert [one.counts for one in table.of_class("ih")] == [(1, 0), (0, 0)]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"[1A, 0B]"', '"[1A]"', r"\[1A\] is not a configuration of 2 inputs"),
        ('"[1A, 0B]"', '"[0B, 1A]"', "is not a configuration"),
        ('"[1A, 0B]"', '"one"', "one is not a configuration"),
        ('"[1A, 0B]"', '"[3A,2B]"', "named twice"),
        ('"F1"', '"F1", "F3"', "each feature"),
        ("-460.0,", "", "one current for each junction"),
        ("-460.0", "nan", "control_currents_ua"),
        ("device =", "devise =", "devise"),
        ("[classes]", "[classes", "TOML"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_name(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(RefusedError, match=complaint) as refused:
        read_network(edited(tmp_path, old, new))
    assert "network.toml" in str(refused.value)


@pytest.mark.parametrize(("name", "counts"), [("[2A, 1B]", (2, 1)), ("[12A,0B,3C]", (12, 0, 3)), ("2A", (2,))])
def test_configurations_are_read_in_the_form_of_the_paper(name: str, counts: tuple[int, ...]) -> None:
    assert configuration_of(name) == SwitchingConfiguration(counts)


def test_what_is_written_of_a_configuration_is_read_as_it() -> None:
    for counts in ((0, 0), (3, 2), (1, 2, 3)):
        assert configuration_of(str(SwitchingConfiguration(counts))) == SwitchingConfiguration(counts)


@pytest.mark.parametrize("size", [2.4e-15, 1e-300, 4e11, 1e300])
def test_a_coefficient_may_have_any_size_as_features_have_any_unit(tmp_path: Path, size: float) -> None:
    network = read_network(edited(tmp_path, "-0.25", repr(size)))
    assert network.coefficients_ua[1][1] == size
    with pytest.raises(RefusedError, match=r"control_currents_ua = .* is not between"):
        read_network(edited(tmp_path, "-460.0", repr(size)))
