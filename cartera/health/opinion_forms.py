"""What people fill in about the health of an account."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account
from cartera.health import rules
from cartera.health.models import Pulse
from cartera.kit.clock import today


class PulseForm(forms.Form):
    """The colour is the button that sends the form."""

    why = forms.ChoiceField(
        label=_("mostly because of"), choices=Pulse.Why.choices, initial=Pulse.Why.FEELING, required=False
    )
    text = forms.CharField(label=_("in your own words"), max_length=300, required=False)
    colour = forms.TypedChoiceField(choices=Account.Pulse.choices, coerce=int, widget=forms.HiddenInput)

    def clean_why(self) -> str:
        return self.cleaned_data["why"] or Pulse.Why.FEELING


class OverrideForm(forms.Form):
    score = forms.DecimalField(
        label=_("health instead"), min_value=0, max_value=100, max_digits=4, decimal_places=1,
        help_text=_("From 0 to 100: green from 70, amber from 40, red below."),
    )  # fmt: skip
    why = forms.CharField(label=_("why"), max_length=300, help_text=_("What do you know that the score does not?"))
    until = forms.DateField(
        label=_("until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("On this day it ends by itself; a year from now at the latest."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, day = self.fields["until"], today()
        field.initial = day + timedelta(days=rules.USUAL_OVERRIDE)
        field.widget.attrs |= {
            "min": (day + timedelta(days=1)).isoformat(), "max": (day + rules.LONGEST_OVERRIDE).isoformat(),
        }  # fmt: skip


class DatesForm(forms.Form):
    """Two days to compare."""

    before = forms.DateField(label=_("from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    after = forms.DateField(label=_("to"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
