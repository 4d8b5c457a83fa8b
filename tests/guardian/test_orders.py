"""What a guardian is told comes as it was said."""

import os
from pathlib import Path

import pytest

from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.guardian.protocol import Orders
from tests.support.commands import ACROSS


@pytest.mark.parametrize("name", [b"runs", b"100 %25", "schön".encode(), b"b\xff"])
def test_any_folder_is_found(name: bytes) -> None:
    bench, folder = read_bench(ACROSS), Path(os.fsdecode(name)).absolute()
    assert isinstance(bench, InstrumentBenchConfig)
    orders = Orders(folder=folder, program="p", engine_pid=1, engine_created_s=0.5, bench=bench, simulated=True)
    assert Orders.model_validate_json(orders.model_dump_json()) == orders
