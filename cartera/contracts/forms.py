import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cartera.kit.clock import today


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PaidForm(forms.Form):
    paid_on = forms.DateField(label=_("Paid on"), widget=date_input(), initial=today)


class DueForm(forms.Form):
    due_on = forms.DateField(label=_("Due on"), widget=date_input())


class RateForm(forms.Form):
    """One unit of a currency is worth so much of another from a day on."""

    currency = forms.CharField(label=_("One unit of"), min_length=3, max_length=3)
    rate = forms.DecimalField(label=_("is worth"), max_digits=18, decimal_places=8, min_value=0)
    into = forms.CharField(label=_("of the currency"), min_length=3, max_length=3, initial=lambda: settings.CURRENCY)
    on = forms.DateField(label=_("from the day"), widget=date_input(), initial=today)

    def _code(self, name: str) -> str:
        code = self.cleaned_data[name].upper()
        if not re.fullmatch("[A-Z]{3}", code):
            raise ValidationError(_("A currency is three letters, such as EUR."))
        return code

    def clean_currency(self) -> str:
        return self._code("currency")

    def clean_into(self) -> str:
        return self._code("into")

    def clean_rate(self) -> Any:
        if not self.cleaned_data["rate"]:
            raise ValidationError(_("A currency is worth more than nothing."))
        return self.cleaned_data["rate"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("currency") and data.get("currency") == data.get("into"):
            self.add_error("into", _("A currency is always worth one of itself."))
        return data
