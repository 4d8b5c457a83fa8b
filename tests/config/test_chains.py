"""Bench files of parallel chains."""

from pathlib import Path

import pytest

from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.errors import RefusedError
from mtjlab.supplied_configs import CONFIGS

PARALLEL = CONFIGS / "parallel.toml"


@pytest.fixture
def bench() -> InstrumentBenchConfig:
    read = read_bench(PARALLEL)
    assert isinstance(read, InstrumentBenchConfig)
    return read


def test_junctions_have_the_names_of_their_chains(bench: InstrumentBenchConfig) -> None:
    assert bench.chain_sizes == (3, 2)
    assert bench.labels == ("A.J1", "A.J2", "A.J3", "B.J1", "B.J2")


def test_the_compliance_of_a_source_covers_the_junctions_below_it_in_its_own_chain(
    bench: InstrumentBenchConfig,
) -> None:
    assert [bench.compliance_mv(label) for label in bench.labels] == [3000, 2000, 1000, 2000, 1000]


def test_today_s_form_is_a_bench_of_one_chain() -> None:
    assert read_bench(CONFIGS / "mixed.toml").chain_sizes == (3,)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[chains.B.", "[chains.C.", "[chains] must name A, B"),
        ("[chains.B.voltmeters.J2]", "[chains.B.voltmeters.J3]", "must name A.J1, A.J2, A.J3, B.J1, B.J2"),
        ("[simulation]", "[sources.J1]\nmodel = 'x'\n[simulation]", "no other instruments"),
    ],
)
def test_chains_that_do_not_fit_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "bench.toml"
    file.write_text(PARALLEL.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(RefusedError) as refused:
        read_bench(file)
    assert words in str(refused.value)
