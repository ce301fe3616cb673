from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cartera.kit.clock import today
from cartera.timeline.models import Interaction


class Decision(forms.Form):
    """Which of the account's reasons it is about."""

    keys = forms.CharField(widget=forms.HiddenInput)

    def clean_keys(self) -> list[str]:
        return [key for key in self.cleaned_data["keys"].split(",") if key]


class DoneForm(Decision):
    kind = forms.ChoiceField(label=_("What was it?"), choices=Interaction.Kind.choices)
    direction = forms.ChoiceField(label=_("Who began it?"), choices=Interaction.Direction.choices)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))
    text = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class _WhyForm(Decision):
    why = forms.CharField(
        label=_("Why?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "day-reasons", "autofocus": True}),
    )


class SnoozeForm(_WhyForm):
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("until", "why", "keys")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs["min"] = (today() + timedelta(days=1)).isoformat()


class NotTodayForm(_WhyForm):
    pass
