"""Forms generated from models: keys with unit, range and help."""

from mtjlab.gui.panels.form.section_form import SectionForm, absolute_paths

__all__ = ["SectionForm", "absolute_paths"]
