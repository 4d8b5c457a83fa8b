"""PyMeasure's own drivers talk to the simulated instruments over pyvisa-py sockets, as they would to real ones."""

import warnings

import pytest
from pymeasure.instruments.keithley import (
    Keithley2000,
    Keithley2182,
    Keithley2400,
    Keithley6221,
    KeithleyDMM6500,
)
from pymeasure.instruments.yokogawa import YokogawaGS200

from instruments.simulated.client import LineClient
from instruments.simulated.process import start_simulators
from tests.instruments.simulated.simulated_samples import source, source_meter, spec_of, voltage_v, voltmeter

TRUE_V = voltage_v(0, "AP", -4e-4)
SPEEDY = 20.0


@pytest.fixture(scope="module")
def simulators(tmp_path_factory):
    """Every model on one chain, which carries -400 uA."""
    spec = spec_of(
        source("6221", 0),
        source_meter(1),
        source("GS200", 2),
        voltmeter("2182A", 0),
        voltmeter("DMM6500", 2),
        log_path=str(tmp_path_factory.mktemp("pymeasure") / "log.jsonl"),
        speed=SPEEDY,
        linger_s=60.0,
    )
    with start_simulators(spec) as running, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with LineClient(running.ports["source J1"]) as link:
            link.ask(":SOUR:CURR:COMP 5;:SOUR:CURR -4e-4;:OUTP 1;*OPC?")
        yield running


@pytest.fixture
def device(simulators):
    """Opens a driver at the address of a role; all are closed afterwards, with no error left in their queues."""
    opened = []

    def open_device(driver, role, **kwargs):
        options = {"visa_library": "@py", "read_termination": "\n", "write_termination": "\n", **kwargs}
        opened.append(driver(simulators.addresses[role], **options))
        return opened[-1]

    yield open_device
    for one in opened:
        assert one.check_errors() == []
        one.adapter.close()


def test_keithley_6221_sources(device, simulators):
    k6221 = device(Keithley6221, "source J1")
    k6221.source_range = 1e-3
    k6221.source_compliance = 0.05
    k6221.source_current = -4e-4
    k6221.enable_source()
    assert (k6221.source_range, k6221.source_compliance, k6221.source_auto_range) == (2e-3, 0.1, False)
    assert simulators.state()["limited"][0] == -1
    assert k6221.measurement_events == 8
    k6221.source_compliance = 5
    assert simulators.state()["sources_a"][0] == k6221.source_current == -4e-4
    assert k6221.source_enabled is True


def test_keithley_2182_reads(device):
    k2182 = device(Keithley2182, "voltmeter J1")
    k2182.ch_1.setup_voltage(auto_range=False, nplc=1)
    k2182.ch_1.voltage_range = 1
    assert (k2182.ch_1.voltage_range, k2182.voltage_nplc, k2182.line_frequency) == (1.0, 1.0, 50)
    assert k2182.voltage == pytest.approx(TRUE_V, abs=1e-4)
    k2182.auto_zero_enabled = False
    assert k2182.auto_zero_enabled is False


def test_keithley_2400_sources_and_measures(device, simulators):
    k2400 = device(Keithley2400, "source J2")
    k2400.source_mode = "current"
    k2400.source_current_range = 1e-3
    k2400.source_current = -1e-4
    k2400.compliance_voltage = 2
    k2400.output_off_state = "disconnected"
    k2400.source_enabled = True
    measured = k2400.measure_all()
    assert measured["current"] == pytest.approx(-1e-4)
    assert measured["voltage"] == pytest.approx(sum(simulators.state()["junctions_v"][1:]), abs=1e-4)
    assert measured["status"] == 0
    assert (k2400.voltage, k2400.compliance_voltage) == (pytest.approx(measured["voltage"], abs=1e-4), 21.0)
    k2400.shutdown()
    assert simulators.state()["outputs_on"][1] is False
    assert k2400.source_current == 0.0


def test_yokogawa_gs200_sources(device, simulators):
    gs200 = device(YokogawaGS200, "source J3")
    gs200.source_mode = "current"
    gs200.source_range = 5e-4
    gs200.voltage_limit = 0.5
    gs200.source_level = -1e-4
    gs200.source_enabled = True
    assert (gs200.source_range, gs200.voltage_limit, gs200.source_mode) == (1e-3, 1.0, "CURR")
    assert simulators.state()["sources_a"][2] == gs200.source_level == -1e-4
    gs200.shutdown()
    assert simulators.state()["outputs_on"][2] is True


def test_keithley_dmm6500_reads(device, simulators):
    dmm6500 = device(KeithleyDMM6500, "voltmeter J3")
    dmm6500.measure_voltage(1)
    dmm6500.nplc = 0.1
    dmm6500.range = 1
    dmm6500.autozero_enabled = False
    assert (dmm6500.mode, dmm6500.nplc, dmm6500.range, dmm6500.autorange_enabled) == ("voltage", 0.1, 1.0, False)
    assert dmm6500.voltage == pytest.approx(simulators.state()["junctions_v"][2], abs=1e-4)


def test_keithley_2000_reads(tmp_path):
    spec = spec_of(source("6221"), voltmeter("2000"), log_path=str(tmp_path / "log.jsonl"), speed=SPEEDY)
    with start_simulators(spec) as running:
        options = {"visa_library": "@py", "read_termination": "\n"}
        k6221 = Keithley6221(running.addresses["source J1"], **options)
        k2000 = Keithley2000(running.addresses["voltmeter J1"], **options)
        k6221.source_compliance, k6221.source_current = 5, -4e-4
        k6221.enable_source()
        k2000.measure_voltage(max_voltage=1)
        k2000.voltage_nplc = 0.1
        assert (k2000.mode, k2000.voltage_range, k2000.voltage_nplc) == ("voltage", 1.0, 0.1)
        assert k2000.voltage == pytest.approx(TRUE_V, abs=1e-4)
        k2000.config_buffer(points=3, delay=0)
        k2000.start_buffer()
        k2000.wait_for_buffer(timeout=10, interval=0.01)
        assert k2000.buffer_data == pytest.approx([TRUE_V] * 3, abs=1e-4)
        assert k2000.check_errors() + k6221.check_errors() == []
        for one in (k6221, k2000):
            one.adapter.close()
