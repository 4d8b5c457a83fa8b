"""The plain settings of a Keithley 2400, with the values that ``*RST`` gives them."""

from instruments.simulated.vocabulary.instrument import Setting
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, nr1

FULL_SCALE = 1.05
CURRENT_RANGES = Range((1e-6, 10e-6, 100e-6, 1e-3, 10e-3, 100e-3, 1.0), 1.05, 100e-6, FULL_SCALE)
VOLTAGE_RANGES = Range((0.2, 2.0, 20.0, 200.0), 210.0, 20.0, FULL_SCALE)
RANGES = {"CURR": CURRENT_RANGES, "VOLT": VOLTAGE_RANGES}
LEVELS = {"CURR": Number(-1.05, 1.05, 0.0), "VOLT": Number(-210.0, 210.0, 0.0)}
SENSE = "[:SENSe[1]]"
NPLC = Number(0.01, 10.0, 1.0)
ONCE_OR_SWITCH = Word(("0", "1", "ON", "OFF", "ONCE"))
COUNT = Number(1, 2500, 1, nr1)

SETTINGS = (
    *Keithley.shared,
    Setting(":OUTPut[1][:STATe]", "output", Switch(), False),
    Setting(":OUTPut[1]:SMODe", "off_mode", Word(("HIMPedance", "NORMal", "ZERO", "GUARd")), "NORM"),
    Setting(":SOURce[1]:CURRent:MODE", "current_mode", Word(("FIXed",)), "FIX"),
    Setting(":SOURce[1]:VOLTage:MODE", "voltage_mode", Word(("FIXed",)), "FIX"),
    Setting(":SOURce[1]:CURRent:RANGe:AUTO", "auto_range_CURR", Switch(), True),
    Setting(":SOURce[1]:VOLTage:RANGe:AUTO", "auto_range_VOLT", Switch(), True),
    Setting(":SOURce[1]:DELay", "source_delay", Number(0.0, 999.9999, 0.0), 0.0),
    Setting(":SOURce[1]:DELay:AUTO", "auto_delay", Switch(), True),
    Setting(":SOURce[1]:CLEar:AUTO", "auto_clear", Switch(), False),
    Setting(f"{SENSE}:VOLTage[:DC]:PROTection[:LEVel]", "limit_v", Number(-210.0, 210.0, 21.0), 21.0),
    Setting(f"{SENSE}:CURRent[:DC]:PROTection[:LEVel]", "limit_a", Number(-1.05, 1.05, 105e-6), 105e-6),
    Setting(f"{SENSE}:VOLTage[:DC]:RANGe:AUTO", "sense_auto_VOLT", Switch(), True),
    Setting(f"{SENSE}:CURRent[:DC]:RANGe:AUTO", "sense_auto_CURR", Switch(), True),
    Setting(f"{SENSE}:VOLTage[:DC]:RANGe[:UPPer]", "sense_range_VOLT", VOLTAGE_RANGES, 20.0),
    Setting(f"{SENSE}:CURRent[:DC]:RANGe[:UPPer]", "sense_range_CURR", CURRENT_RANGES, 100e-6),
    Setting(f"{SENSE}:VOLTage[:DC]:NPLCycles", "nplc", NPLC, 1.0),
    Setting(f"{SENSE}:CURRent[:DC]:NPLCycles", "nplc", NPLC, 1.0),
    Setting(f"{SENSE}:RESistance:NPLCycles", "nplc", NPLC, 1.0),
    Setting(f"{SENSE}:RESistance:MODE", "resistance_mode", Word(("MANual", "AUTO")), "MAN"),
    Setting(f"{SENSE}:FUNCtion:CONCurrent", "concurrent", Switch(), True),
    Setting(f"{SENSE}:AVERage[:STATe]", "filter", Switch(), False),
    Setting(f"{SENSE}:AVERage:COUNt", "filter_count", Number(1, 100, 10, nr1), 10),
    Setting(f"{SENSE}:AVERage:TCONtrol", "filter_type", Word(("REPeat", "MOVing")), "REP"),
    Setting(":TRIGger[:SEQuence[1]]:COUNt", "triggers", COUNT, 1),
    Setting(":TRIGger[:SEQuence[1]]:DELay", "trigger_delay", Number(0.0, 999.9999, 0.0), 0.0),
    Setting(":TRIGger[:SEQuence[1]]:SOURce", "trigger", Word(("IMMediate",)), "IMM"),
    Setting(":ARM[:SEQuence[1]][:LAYer[1]]:COUNt", "arms", COUNT, 1),
    Setting(":ARM[:SEQuence[1]][:LAYer[1]]:SOURce", "arm", Word(("IMMediate",)), "IMM"),
    Setting(":FORMat[:DATA]", "format", Word(("ASCii",)), "ASC"),
    Setting(":TRACe:POINts", "buffer_points", Number(1, 2500, 100, nr1), 100),
    Setting(":TRACe:FEED", "buffer_feed", Word(("SENSe1", "SENSe", "CALCulate1", "CALCulate2")), "SENS1"),
    Setting(":TRACe:FEED:CONTrol", "buffer_control", Word(("NEVer", "NEXT")), "NEV"),
    Setting(":SYSTem:RSENse", "four_wires", Switch(), False),
    Setting(":SYSTem:AZERo[:STATe]", "auto_zero", ONCE_OR_SWITCH, "ON"),
    Setting(":ROUTe:TERMinals", "terminals", Word(("FRONt", "REAR")), "FRON"),
)
