"""What people fill in about scorecards, risk and its evidence."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartera.accounts.listing import saved_views
from cartera.accounts.models import SavedView
from cartera.health.models import Backtest, Factor, Family, RiskModel, Scorecard, Terms
from cartera.health.queries import condition
from cartera.kit.clock import today
from cartera.kit.filters import FilterError
from cartera.team.models import Member

MOST_CORNERS = 20
WEIGHT = {"max_digits": 7, "decimal_places": 2, "min_value": 0, "max_value": 10_000}


class CurveInput(forms.Widget):
    """Two columns of inputs, `value` and `points`, that the page draws beside the curve."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        return list(zip(data.getlist("value"), data.getlist("points"), strict=False))


class CurveField(forms.Field):
    """Corners of a curve, as lists [value, points] with rising values; rows left empty are left out."""

    widget = CurveInput

    def clean(self, value: Any) -> list[list[float]]:
        filled = [(place, row) for place, row in enumerate(value or (), 1) if any(text.strip() for text in row)]
        corners = sorted(self._corner(place, row) for place, row in filled)
        if len(corners) < 2:
            raise ValidationError(_("A curve needs at least two corners."))
        if len(corners) > MOST_CORNERS:
            raise ValidationError(_("A curve has %s corners at most.") % MOST_CORNERS)
        values = [corner[0] for corner in corners]
        twice = next((one for one, other in pairwise(values) if one == other), None)
        if twice is not None:
            raise ValidationError(_("Two corners have the value %s.") % f"{twice:g}")
        return corners

    def _corner(self, place: int, row: Sequence[str]) -> list[float]:
        numbers = []
        for text in row:
            try:
                numbers.append(float(text.strip().replace(",", ".")))
            except ValueError:
                told = {"place": place, "text": text}
                raise ValidationError(_("Corner %(place)s: “%(text)s” is not a number.") % told) from None
        if not all(map(isfinite, numbers)):
            raise ValidationError(_("Corner %s: the numbers must be finite.") % place)
        if not 0 <= numbers[1] <= 100:
            raise ValidationError(_("Corner %s: points lie between 0 and 100.") % place)
        return [int(number) if number.is_integer() else number for number in numbers]


class FactorForm(forms.Form):
    curve = CurveField(label=gettext_lazy("Curve"))
    weight = forms.DecimalField(label=gettext_lazy("Weight"), **WEIGHT)  # type: ignore[arg-type]
    unknown = forms.ChoiceField(label=gettext_lazy("When unknown"), choices=Factor.Unknown.choices)
    fresh_days = forms.IntegerField(
        label=gettext_lazy("Fresh for (days)"), required=False, min_value=1, max_value=3650,
        help_text=gettext_lazy("An older value counts as unknown."),
    )  # fmt: skip
    label = forms.CharField(label=gettext_lazy("Own name"), required=False, max_length=80)
    actionable = forms.BooleanField(label=gettext_lazy("Someone of us can move it"), required=False)
    effort = forms.IntegerField(
        label=gettext_lazy("Effort (minutes)"), required=False, min_value=1, max_value=100_000,
        help_text=gettext_lazy("How long it usually takes one of us to move it. Finds the cheapest way to green."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("actionable") and not found.get("effort") and "effort" not in self.errors:
            self.add_error("effort", _("Say how many minutes it usually takes."))
        if not found.get("actionable"):
            found["effort"] = None
        return found

    @property
    def fields_beside(self) -> list[forms.BoundField]:
        """All but the curve, which the page draws itself."""
        return [self[name] for name in self.fields if name != "curve"]


class WeightsForm(forms.Form):
    """The weight of each factor of a draft, each field named after its measure."""

    def __init__(self, *args: Any, factors: Sequence[Factor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for factor in factors:
            self.fields[factor.measure] = forms.DecimalField(initial=factor.weight, **WEIGHT)  # type: ignore[arg-type]


class ScorecardForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    about = forms.CharField(label=gettext_lazy("What it is for"), max_length=200, required=False)


class NewScorecardForm(ScorecardForm):
    copied_from = forms.ModelChoiceField(
        label=gettext_lazy("A copy of"), required=False, queryset=Scorecard.objects.none(),
        empty_label=gettext_lazy("what Cartera proposes"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["copied_from"]
        field.queryset = Scorecard.objects.switched_on().select_related("family").order_by("family__name", "-version")


class SwitchOnForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why?"), max_length=300,
        help_text=gettext_lazy("Stands beside the version, and on the feed of the accounts that it scores."),
    )  # fmt: skip
    from_day = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("At once if you leave it empty."),
    )  # fmt: skip

    def clean_from_day(self) -> Any:
        day = self.cleaned_data["from_day"]
        if day and day < today():
            raise ValidationError(_("That day is past: what was scored then stays as it is."))
        return day


class SegmentForm(forms.Form):
    """A line of the order of segments; the one that catches everyone else has a scorecard only."""

    view = forms.ModelChoiceField(
        label=gettext_lazy("Saved view"), required=False, queryset=SavedView.objects.none(),
        empty_label=gettext_lazy("none"), help_text=gettext_lazy("Its filter is taken over as it is now."),
    )  # fmt: skip
    filter = forms.CharField(
        label=gettext_lazy("Or a filter"), required=False, max_length=500,
        help_text=gettext_lazy("As above the list of accounts: <code>tier:C country:ES</code>"),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name of the segment"), required=False, max_length=80)
    family = forms.ModelChoiceField(label=gettext_lazy("Scorecard"), queryset=Family.objects.none(), empty_label=None)
    why = forms.CharField(label=gettext_lazy("Why?"), required=False, max_length=300)

    def __init__(self, *args: Any, member: Member, last: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if last:
            for name in ("view", "filter", "name"):
                del fields[name]
        else:
            fields["view"].queryset = saved_views(member)
        fields["family"].queryset = Family.objects.filter(versions__switched_on_at__isnull=False).distinct()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "filter" not in self.fields:
            return found
        view = found.get("view")
        if view is not None and "view" in self.changed_data:
            found["filter"], found["name"] = view.filter, found.get("name") or view.name
        text = found["filter"] = (found.get("filter") or "").strip()
        if not text:
            self.add_error("filter", _("A line without a filter would catch everyone; only the last one may."))
            return found
        try:
            condition(text)
        except FilterError as wrong:
            place = _("Character %s") % wrong.column
            self.add_error("filter", f"{place}: {wrong.message}")
        return found


class LearnForm(forms.ModelForm):
    """Over which horizon to learn, and how many accounts a person expects to lose in it."""

    base = forms.DecimalField(
        label=gettext_lazy("Accounts lost in a horizon, as you expect it (%)"), min_value=Decimal("0.1"), max_value=90,
        max_digits=4, decimal_places=1, initial=10,
        help_text=gettext_lazy("Counts like the experience of 20 accounts; what really happened soon outweighs it."),
    )  # fmt: skip

    class Meta:
        model = RiskModel
        fields = ["period", "base"]

    def clean_base(self) -> Decimal:
        return self.cleaned_data["base"] / 100


class SwitchForm(forms.Form):
    """Why another version says the risk from now on."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=300)


class TermsForm(forms.ModelForm):
    """What acting costs, what it saves and how often."""

    class Meta:
        model = Terms
        fields = ["margin", "cost", "chance", "losses"]


class BacktestForm(forms.ModelForm):
    """How far to look back, and how far ahead from each cut."""

    class Meta:
        model = Backtest
        fields = ["window", "cuts"]
