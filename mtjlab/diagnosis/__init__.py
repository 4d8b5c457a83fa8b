"""Wiring mistakes from a few microamperes: which voltmeter answers which source, and what that means. Pure science."""

from mtjlab.diagnosis.diagnose import Diagnosis, Matrix, diagnose
from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.finding import Explanation, Finding
from mtjlab.diagnosis.measured import Probe

__all__ = ["Diagnosis", "Expected", "Explanation", "Finding", "Matrix", "Probe", "diagnose"]
