"""From surveys to findings: no false alarms, and every mistake by its name."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings

from mtjlab.diagnosis.diagnose import diagnose
from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.finding import Finding
from mtjlab.diagnosis.measured import Probe
from mtjlab.domain import Survey
from tests.diagnosis.chains import ANTIPARALLEL_OHM, PARALLEL_OHM, Chain, expected, mixed_up_chains, right_chains

OHM = (ANTIPARALLEL_OHM, PARALLEL_OHM, ANTIPARALLEL_OHM)


def found_in(chain: Chain, told: Expected | None = None) -> tuple[Finding, ...]:
    told = told or expected(len(chain.ohm), chain.to_ground)
    return diagnose(told, chain.at_zero(), chain.probes()).findings


def wrong(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(found.role, found.kind) for found in findings if found.verdict == "mistake"]


def doubtful(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(found.role, found.kind) for found in findings if found.verdict == "caution"]


@settings(deadline=None, max_examples=60)
@given(right_chains())
def test_a_right_chain_of_any_length_and_states_has_no_mistakes(chain: Chain) -> None:
    findings = found_in(chain)
    assert wrong(findings) == []
    assert {kind for _, kind in doubtful(findings)} <= {"unequal", "headroom", "range"}  # by the 20 % alone
    assert {found.part for found in findings} == {"source", "junction", "voltmeter"}


def test_every_part_of_a_right_chain_has_its_figures() -> None:
    findings = {found.role: found.measured for found in found_in(Chain(OHM, noise_mv=1e-4))}
    assert list(findings) == [
        "source J1", "source J2", "source J3", "J1", "J2", "J3", "voltmeter J1", "voltmeter J2", "voltmeter J3",
    ]  # fmt: skip
    assert findings["source J2"] == "answered by J2, J3, settled within 0.01 s, 500 mV to spare at reset"
    assert findings["J2"] == "1105 ohm with leads, parallel"
    assert findings["J3"].endswith("ohm with leads, antiparallel")
    assert findings["voltmeter J1"].endswith("range 1000 mV, reset 750 mV")


def test_the_matrix_is_change_of_voltage_over_change_of_current_without_offsets() -> None:
    chain = Chain(OHM, offsets_mv=(1.0, -1.0, 0.5), noise_mv=0.0001)
    matrix_ohm = diagnose(expected(3, to_ground=False), chain.at_zero(), chain.probes()).matrix_ohm
    assert [list(row) for row in matrix_ohm] == [pytest.approx(row, abs=0.1) for row in chain.matrix_ohm().tolist()]


@pytest.mark.parametrize("to_ground", [False, True])
@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"feeds": [1, 0, 2]}, [("sources J1, J2", "swapped")]),
        ({"feeds": [1, 2, 0]}, [("source J1", "misplaced"), ("source J2", "misplaced"), ("source J3", "misplaced")]),
        ({"taps": [0, 2, 1]}, [("voltmeters J2, J3", "swapped")]),
        ({"taps": [0, 0, 2]}, [("voltmeter J2", "misplaced")]),
        ({"feeds": [2, 1, 0], "taps": [2, 1, 0]}, [("sources J1, J3", "swapped")]),
        ({"polarity": [1.0, -1.0, 1.0]}, [("source J2", "reversed")]),
        ({"sense": [1.0, 1.0, -1.0]}, [("voltmeter J3", "reversed")]),
        ({"polarity": [0.0, 1.0, 1.0]}, [("source J1", "dead")]),
        ({"polarity": [1.0, 1.0, 0.0]}, [("source J3", "dead")]),
        ({"ohm": (2425.0, 5.0, 2425.0)}, [("J2", "short")]),
        ({"ohm": (2425.0, 1105.0, 5.0)}, [("J3", "short")]),
        ({"ohm": (5.0, 5.0, 5.0)}, [("chain", "chain-silent")]),
        (
            {"feeds": [0, 2, 1], "sense": [-1.0, 1.0, 1.0]},
            [("sources J2, J3", "swapped"), ("voltmeter J1", "reversed")],
        ),
        ({"ohm": (2425.0, 5.0, 2425.0), "polarity": [-1.0, 1.0, 1.0]}, [("source J1", "reversed"), ("J2", "short")]),
    ],
    ids=str,
)
def test_mistakes_are_named(mistake: dict[str, object], told: list[tuple[str, str]], to_ground: bool) -> None:
    chain = replace(Chain(OHM, to_ground), **mistake)  # type: ignore[arg-type]
    findings = found_in(chain)
    assert wrong(findings) == told
    assert all(found.remedy for found in findings if found.verdict == "mistake")


def explained(chain: Chain, told: Expected | None = None) -> list[tuple[str, str]]:
    diagnosis = diagnose(told or expected(len(chain.ohm), chain.to_ground), chain.at_zero(), chain.probes())
    return [(one.part, one.kind) for one in diagnosis.explanations]


def test_the_top_instrument_one_node_too_low_looks_like_a_short_to_ground_and_all_of_it_is_listed() -> None:
    """To ground, J1 is seen by the voltmeter and driven by the source at the top alone."""
    for wrong_taps, wrong_feeds in (([1, 1, 2], []), ([], [1, 1, 2])):
        listed = explained(Chain(OHM, to_ground=True, taps=wrong_taps, feeds=wrong_feeds))
        assert sorted(listed) == [("J1", "short"), ("source J1", "misplaced"), ("voltmeter J1", "misplaced")]


def test_a_source_meter_at_another_node_is_one_mistake() -> None:
    told = expected(3, to_ground=True, source_meters=frozenset(range(3)))
    chain = Chain((2654.0, 902.0, 2400.0), to_ground=True, taps=[0, 2, 2], feeds=[0, 2, 2])
    assert ("source J2", "misplaced") in explained(chain, told)
    assert ("J2", "short") in explained(chain, told)
    assert len(wrong(found_in(chain, told))) == 1


@pytest.mark.parametrize("to_ground", [False, True])
def test_two_sources_on_one_node_are_told_from_two_voltmeters_on_one_junction_by_their_resistances(
    to_ground: bool,
) -> None:
    """2654 against 902 ohm refute a voltmeter on the wrong junction."""
    chain = Chain((2654.0, 902.0, 2400.0), to_ground, feeds=[0, 2, 2])
    assert explained(chain) == [("source J2", "misplaced")]
    found = found_in(chain)[1]
    assert found.measured == "feeds the top of J3 instead of J2"
    assert found.remedy.startswith("Move its lead from J3 to J2")


def test_a_source_one_node_too_low_is_listed_beside_the_short_that_it_looks_like() -> None:
    diagnosis = diagnose(expected(3, to_ground=False), (chain := Chain(OHM, feeds=[1, 1, 2])).at_zero(), chain.probes())
    kinds = {(one.part, one.kind) for one in diagnosis.explanations}
    assert kinds == {("source J1", "misplaced"), ("J1", "short"), ("voltmeter J1", "silent")}
    assert diagnosis.quick_look == "Follow the cable of source J1 to the chain: is it at J1?"


@pytest.mark.parametrize("gain", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("to_ground", [False, True])
@pytest.mark.parametrize("source", range(3))
def test_one_factor_at_every_junction_below_a_source_is_its_gain(source: int, to_ground: bool, gain: float) -> None:
    chain = Chain(OHM, to_ground, polarity=[gain if k == source else 1.0 for k in range(3)])
    (found,) = [one for one in found_in(chain) if one.verdict == "mistake"]
    assert (found.role, found.kind) == (f"source J{source + 1}", "gain")
    assert float(found.measured.split()[1].rstrip("%")) == pytest.approx(100 * gain, abs=0.5)


def test_at_the_last_junction_a_factor_may_as_well_be_the_junction_and_another_check_decides() -> None:
    diagnosis = diagnose(expected(3, False), (chain := Chain(OHM, polarity=[1, 1, 0.8])).at_zero(), chain.probes())
    assert [(one.part, one.kind) for one in diagnosis.explanations] == [("source J3", "gain"), ("J3", "unsteady")]
    assert diagnosis.quick_look.startswith("Run the check again")


@pytest.mark.parametrize("gain", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("meter", range(3))
def test_to_ground_the_gain_of_a_voltmeter_is_told(meter: int, gain: float) -> None:
    chain = Chain(OHM, to_ground=True, sense=[gain if m == meter else 1.0 for m in range(3)])
    assert explained(chain) == [(f"voltmeter J{meter + 1}", "gain")]


def test_a_gain_that_is_off_by_little_is_worth_knowing_and_no_mistake() -> None:
    findings = found_in(Chain(OHM, polarity=[1, 0.98, 1], noise_mv=0.01))
    assert wrong(findings) == []
    assert ("source J2", "gain") in doubtful(findings)


def test_a_voltmeter_with_one_lead_on_another_node_says_which_junctions_it_measures() -> None:
    """Across J2 and J3, where it should be across J2: it answers every source by more than one resistance."""
    chain = Chain((2654.0, 902.0, 2400.0))
    matrix_ohm = chain.matrix_ohm()
    matrix_ohm[1] += matrix_ohm[2]
    (found,) = [one for one in diagnosed_from(matrix_ohm) if one.verdict == "mistake"]
    assert (found.role, found.kind) == ("voltmeter J2", "misplaced")
    assert found.measured == "measures J2, J3 instead of J2"


def test_answers_that_no_few_mistakes_explain_are_quoted() -> None:
    matrix_ohm = Chain(OHM).matrix_ohm()
    matrix_ohm[0, 2] = -700.0
    findings = diagnosed_from(matrix_ohm)
    assert ("voltmeter J1", "puzzling") in wrong(findings)
    assert any("answers the sources by 2425, 0, -700 ohm" in one.measured for one in findings)


def diagnosed_from(matrix_ohm: np.ndarray) -> tuple[Finding, ...]:
    chain = Given(OHM, noise_mv=1e-4, given=tuple(map(tuple, matrix_ohm)))
    return diagnose(expected(3, to_ground=False), chain.at_zero(), chain.probes()).findings


@dataclass(frozen=True)
class Given(Chain):
    """Answers as they are given, whatever would make them."""

    given: tuple[tuple[float, ...], ...] = ()

    def matrix_ohm(self) -> np.ndarray:
        return np.array(self.given)


def test_a_right_chain_needs_no_explanation() -> None:
    assert explained(Chain(OHM)) == []


def test_where_source_and_voltmeter_cannot_be_told_apart_both_are_listed() -> None:
    assert sorted(explained(Chain([2425.0], sense=[-1.0]))) == [("source J1", "reversed"), ("voltmeter J1", "reversed")]


@settings(deadline=None, max_examples=5)
@given(mixed_up_chains(most=3))
def test_sources_and_voltmeters_in_any_order_and_turned_any_way_are_recovered(chain: Chain) -> None:
    """All leads the other way round give the same answers; the fewest mistakes are named or listed."""
    told = diagnose(expected(len(chain.ohm), chain.to_ground), chain.at_zero(), chain.probes())
    assert all(one.misfit < 3 for one in told.explanations)
    assert not [found for found in told.findings if found.kind == "puzzling"]


def limiting(survey: Survey, *sources: int) -> Survey:
    return replace(survey, limited=tuple(k in sources for k in range(len(survey.limited))))


def complaining(survey: Survey, meter: int, complaint: str) -> Survey:
    return replace(
        survey,
        samples_mv=tuple(() if m == meter else readings for m, readings in enumerate(survey.samples_mv)),
        complaints=tuple(complaint if m == meter else "" for m in range(len(survey.complaints))),
    )


def every_survey(probe: Probe, change: object) -> Probe:
    return Probe(change(probe.plus), change(probe.settling), change(probe.minus))  # type: ignore[operator]


def diagnosed_with_limits(
    chain: Chain, limits: dict[int, tuple[int, ...]], at_zero: tuple[int, ...] = ()
) -> tuple[Finding, ...]:
    """``limits[drive]``: sources at their compliance while that source is moved."""
    probes = [
        every_survey(probe, lambda survey, k=k: limiting(survey, *limits.get(k, ())))
        for k, probe in enumerate(chain.probes())
    ]
    return diagnose(expected(3, chain.to_ground), limiting(chain.at_zero(), *at_zero), probes).findings


@pytest.mark.parametrize("to_ground", [False, True])
@pytest.mark.parametrize("floats", [False, True])
def test_an_open_junction_stops_every_source_above_it(to_ground: bool, floats: bool) -> None:
    """Whichever source limits: the one below clamps the node. A real node floats into compliance at zero current."""
    limits = {0: (1,), 1: (1,), 2: (1,) if floats else ()}
    findings = diagnosed_with_limits(Chain(OHM, to_ground), limits, at_zero=(1,) if floats else ())
    assert wrong(findings) == [("J2", "open")]
    assert ("voltmeter J1", "untested") in doubtful(findings)


def test_a_single_source_in_the_middle_that_drives_into_nothing_has_an_open_lead() -> None:
    assert wrong(diagnosed_with_limits(Chain(OHM, polarity=[1.0, 0.0, 1.0]), {1: (1,)})) == [("source J2", "open-lead")]


def test_the_first_source_has_an_open_lead_if_its_voltmeter_sees_nothing() -> None:
    assert wrong(diagnosed_with_limits(Chain(OHM, polarity=[0.0, 1.0, 1.0]), {0: (0,)})) == [("source J1", "open-lead")]


def test_a_source_without_a_word_for_compliance_is_told_by_a_voltmeter_over_range() -> None:
    chain = Chain(OHM, polarity=[0.0, 1.0, 1.0])
    first, *others = chain.probes()
    probes = [every_survey(first, lambda survey: complaining(survey, 0, "over range")), *others]
    assert wrong(diagnose(expected(3, to_ground=False), chain.at_zero(), probes).findings) == [("J1", "open")]


def test_over_range_in_a_range_that_is_too_small_is_no_open_junction() -> None:
    chain = Chain(OHM)
    first, *others = chain.probes()
    probes = [every_survey(first, lambda survey: complaining(survey, 0, "over range")), *others]
    told = expected(3, to_ground=False, ranges_mv=(10.0, 1000.0, 1000.0))
    assert wrong(diagnose(told, chain.at_zero(), probes).findings) == [("voltmeter J1", "range")]


def test_a_voltmeter_that_never_gives_a_number_is_quoted() -> None:
    chain = Chain(OHM)
    at_zero = complaining(chain.at_zero(), 1, "sent ':READ?', came '?'")
    probes = [
        every_survey(probe, lambda survey: complaining(survey, 1, "sent ':READ?', came '?'"))
        for probe in chain.probes()
    ]
    findings = diagnose(expected(3, to_ground=False), at_zero, probes).findings
    assert wrong(findings) == [("voltmeter J2", "over-range")]
    assert "came '?'" in next(found.measured for found in findings if found.verdict == "mistake")


def test_a_voltmeter_that_always_says_the_same_is_stuck_and_its_junction_no_short() -> None:
    chain = Chain(OHM)

    def stuck(survey: Survey) -> Survey:
        return replace(survey, samples_mv=(survey.samples_mv[0], (0.123,) * 10, survey.samples_mv[2]))

    probes = [every_survey(probe, stuck) for probe in chain.probes()]
    findings = diagnose(expected(3, to_ground=False), stuck(chain.at_zero()), probes).findings
    assert wrong(findings) == [("voltmeter J2", "stuck")]
    assert doubtful(findings) == [("J2", "untested")]


def test_an_output_that_is_off_is_no_dead_source() -> None:
    chain = Chain(OHM, polarity=[1.0, 0.0, 1.0])

    def off(survey: Survey) -> Survey:
        return replace(survey, outputs_on=(True, False, True))

    probes = [every_survey(probe, off) for probe in chain.probes()]
    assert wrong(diagnose(expected(3, to_ground=False), off(chain.at_zero()), probes).findings) == [
        ("source J2", "output-off")
    ]


def settling_in(chain: Chain, source: int, left: list[float]) -> list[Probe]:
    """After its step from plus to minus, ``left`` of it remained in each sample."""
    probes = chain.probes()
    probe = probes[source]
    course = tuple(
        tuple(end + share * (begin - end) for share, begin, end in zip(left, plus, minus, strict=True))
        for plus, minus in zip(probe.plus.samples_mv, probe.minus.samples_mv, strict=True)
    )
    probes[source] = replace(probe, settling=replace(probe.settling, samples_mv=course))
    return probes


def test_a_source_that_settles_late_is_told_with_the_time_it_takes() -> None:
    chain = Chain(OHM)
    probes = settling_in(chain, 1, [0.4, 0.1, 0.02, 0, 0, 0, 0, 0, 0, 0])
    (found,) = [
        f for f in diagnose(expected(3, to_ground=False), chain.at_zero(), probes).findings if f.verdict != "ok"
    ]
    assert (found.role, found.kind, found.verdict) == ("source J2", "settling", "mistake")
    assert found.measured.endswith("settling takes about 0.07 s")
    assert "timing.settle_s to 0.084" in found.remedy


def test_one_reading_that_is_off_later_is_no_slow_source() -> None:
    chain = Chain(OHM)
    probes = settling_in(chain, 1, [0, 0, 0, 0, 0, 0, 0, 0.2, 0, 0])
    assert wrong(diagnose(expected(3, to_ground=False), chain.at_zero(), probes).findings) == []


def test_nothing_else_is_judged_with_a_source_that_never_settled() -> None:
    chain = Chain(OHM)
    findings = diagnose(expected(3, to_ground=False), chain.at_zero(), settling_in(chain, 0, [0.5] * 10)).findings
    assert wrong(findings) == [("source J1", "settling")]
    assert "more than 0.21 s" in findings[0].measured
    assert {kind for _, kind in doubtful(findings)} == {"untested"}


def test_a_junction_that_switches_meanwhile_is_no_slow_source_and_no_mistake_of_wiring() -> None:
    chain, switched = Chain(OHM), Chain((PARALLEL_OHM, *OHM[1:]))
    first, *others = chain.probes()
    probes = [replace(first, minus=switched.probes()[0].minus), *others]
    assert wrong(diagnose(expected(3, to_ground=False), chain.at_zero(), probes).findings) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"noise_mv": 2.0}, [(f"voltmeter J{k}", "noise", "caution") for k in (1, 2, 3)]),
        ({"noise_mv": 6.0}, [(f"voltmeter J{k}", "noise", "mistake") for k in (1, 2, 3)]),
        ({"offsets_mv": (0.0, -3.0, 0.0)}, [("voltmeter J2", "offset", "caution")]),
        ({"offsets_mv": (0.0, 0.0, 30.0)}, [("voltmeter J3", "offset", "mistake")]),
        ({"ohm": (*OHM[:2], 700.0)}, [("J3", "resistance", "caution")]),
        ({"ohm": (*OHM[:2], 300.0)}, [("J3", "resistance", "caution")]),
        ({"ohm": (*OHM[:2], 6000.0)}, [("J3", "resistance", "caution")]),
        ({"ohm": (2425.0, 1105.0, 0.78 * 2425.0)}, [("J3", "unequal", "caution")]),
    ],
    ids=str,
)
def test_figures_that_are_not_as_they_should_be(changes: dict[str, object], told: list[tuple[str, str, str]]) -> None:
    findings = found_in(replace(Chain(OHM), **changes))  # type: ignore[arg-type]
    unwell = [(f.role, f.kind, f.verdict) for f in findings if f.verdict != "ok" and f.kind != "untested"]
    assert unwell == told


def test_a_compliance_below_what_any_reset_needs_is_a_mistake_and_for_a_resistive_chip_a_caution() -> None:
    told = expected(3, to_ground=False, compliances_mv=(2000.0, 2000.0, 1000.0))
    assert wrong(found_in(Chain(OHM), told)) == [("source J1", "headroom")]
    resistive = found_in(Chain((*OHM[:2], 1.4 * ANTIPARALLEL_OHM)))
    assert wrong(resistive) == []
    assert {("source J3", "headroom"), ("voltmeter J3", "range"), ("J3", "resistance")} <= set(doubtful(resistive))


def test_a_range_far_too_large_is_a_caution() -> None:
    told = expected(3, to_ground=False, ranges_mv=(1000.0, 100_000.0, 1000.0))
    assert doubtful(found_in(Chain(OHM), told)) == [("voltmeter J2", "range")]
