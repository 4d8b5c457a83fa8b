"""A Kepco BOP on a loopback socket, as far as our driver talks to it."""

from typing import Literal

from tests.instruments.loopback import HANG_UP, Loopback

WORDS = {"*IDN?": "KEPCO,BIT 4886 36-12  08-04-2023,1,A", ":SYST:ERR?": '0,"No error"', "FUNCtion:MODE?": "1"}


class LoopbackKepco(Loopback):
    """Drives what it is set to while its output is on. ``hangs_up``: once, at the next setting of a current."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.on = False
        self.hangs_up: Literal["", "unheard", "heard"] = ""
        self.current_a = self.compliance_v = 0.0

    def _answer(self, message: str) -> str | bytes | None:
        word, _, value = message.partition(" ")
        match word:
            case "CURR":
                how, self.hangs_up = self.hangs_up, ""
                if how != "unheard":
                    self.current_a = float(value.removesuffix(";CURR?;*OPC?"))
                return HANG_UP if how else f"{self.current_a:.5E};1"
            case "VOLTage":
                self.compliance_v = float(value)
            case "OUTPut":
                self.on = value == "1"
            case "OUTPut?":
                return "1" if self.on else "0"
            case "VOLTage?":
                return f"{self.compliance_v:.5E}"
            case "CURRent?":
                return f"{self.current_a:.5E}"
            case "MEASure:CURRent?":
                return f"{self.current_a if self.on else 0.0:.5E}"
            case _:
                return WORDS.get(word)
        return None
