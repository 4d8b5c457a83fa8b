"""A form made from the model of a plan: what can be set, in which unit, within which range, with which help."""

from mtjlab.gui.form.plan_form import PlanForm

__all__ = ["PlanForm"]
