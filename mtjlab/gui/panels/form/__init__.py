"""Forms generated from models: keys with unit, range and help."""

from mtjlab.gui.panels.form.section_form import SectionForm

__all__ = ["SectionForm"]
