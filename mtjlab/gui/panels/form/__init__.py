"""A form made from a model: what can be set, in which unit, within which range, with which help."""

from mtjlab.gui.panels.form.section_form import SectionForm

__all__ = ["SectionForm"]
