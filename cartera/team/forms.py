"""What people type about people."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cartera.kit.clock import today
from cartera.kit.demo import COMPANY
from cartera.team.models import Absence, Member, Post, Qualification, Requirement, Rung, Team
from cartera.team.queries import below


def _zones() -> list[tuple[str, str]]:
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    places = sorted(name for name in available_timezones() if name.startswith(areas))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


ZONES = _zones()
AS_BROWSER = _("As the browser asks")
WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]


def day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def zone_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Time zone"), choices=ZONES, widget=forms.Select(attrs={"data-time-zone": True, "autocomplete": "off"})
    )


def language_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, **options)


class Password(forms.CharField):
    """A new password, typed once and in sight of its rules; the browser may offer one."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Password"),
            strip=False,
            max_length=200,
            help_text=_("At least 10 characters. Some words that belong together are easier to remember."),
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )


class ArrivalForm(forms.Form):
    """Someone invited comes in."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = Password()
    language = language_field()
    time_zone = zone_field()

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            person = Member(name=data.get("name", ""), email=data.get("email", self.address))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class FoundingForm(ArrivalForm):
    """The first person comes in, and administers."""

    email = forms.EmailField(label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    field_order = ("name", "email", "password", "language", "time_zone")


class ProfileForm(forms.ModelForm[Member]):
    working_days = forms.MultipleChoiceField(
        label=_("Working days"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, required=False
    )
    time_zone = zone_field()

    class Meta:
        model = Member
        fields = ("name", "language", "theme", "density", "time_zone", "works_from", "works_until", "working_days")
        labels = {
            "name": _("Name"),
            "language": _("Language"),
            "theme": _("Colours"),
            "density": _("Density"),
            "works_from": _("Works from"),
            "works_until": _("Works until"),
        }
        widgets = {
            "works_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "works_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["working_days"] = list(self.instance.working_days)
        self.fields["language"].choices = [("", AS_BROWSER), *settings.LANGUAGES]  # type: ignore[attr-defined]
        if self.instance.time_zone not in dict(ZONES):
            self.fields["time_zone"].choices = [(self.instance.time_zone, self.instance.time_zone), *ZONES]  # type: ignore[attr-defined]

    def clean_working_days(self) -> str:
        return "".join(sorted(self.cleaned_data["working_days"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("works_from") and data.get("works_until") and data["works_from"] >= data["works_until"]:
            self.add_error("works_until", _("The working day ends before it begins."))
        return data

    def _post_clean(self) -> None:
        """Leave the member as it is: the operation changes it."""


class PostForm(forms.Form):
    """A new post: another rung, another superior, or both."""

    rung = forms.ModelChoiceField(Rung.objects.all(), label=_("Rung"), required=False)
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, help_text=_("If it is not the rung's name.")
    )
    reports_to = forms.ModelChoiceField(
        Member.objects.none(), label=_("Reports to"), required=False, empty_label=_("Nobody")
    )
    since = day(label=_("From"))

    def __init__(self, *args: Any, by: Member, person: Member, post: Post | None, **kwargs: Any) -> None:
        present = {"rung": post.rung, "title": post.title, "reports_to": post.reports_to} if post else {}
        super().__init__(*args, **{"initial": {**present, "since": today()}, **kwargs})
        superiors = Member.objects.visible_to(by).current().exclude(pk=person.pk)
        if not by.is_administrator:
            superiors = superiors.filter(pk__in=[by.pk, *below(by)])
        self.fields["reports_to"].queryset = superiors  # type: ignore[attr-defined]


class PersonForm(forms.ModelForm[Member]):
    """What the company knows about a person; who does not administer cannot change the address."""

    class Meta:
        model = Member
        fields = ("name", "email", "team", "country", "joined_on", "hourly_cost", "hourly_cost_currency")
        labels = {
            "name": _("Name"),
            "email": _("Mail address"),
            "team": _("Team"),
            "country": _("Country"),
            "joined_on": _("Joined on"),
            "hourly_cost": _("Cost of an hour"),
            "hourly_cost_currency": _("Currency"),
        }
        help_texts = {"country": _("Two letters, such as ES or GB.")}
        widgets = {"joined_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.is_administrator:
            del self.fields["email"]

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()

    def clean_hourly_cost_currency(self) -> str:
        return self.cleaned_data["hourly_cost_currency"].upper()

    def _post_clean(self) -> None:
        """Leave the member as it is: the operation changes it."""


class HireForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"))
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False)
    rung = forms.ModelChoiceField(Rung.objects.all(), label=_("Rung"), required=False)
    reports_to = forms.ModelChoiceField(
        Member.objects.none(), label=_("Reports to"), required=False, empty_label=_("Nobody")
    )
    since = day(label=_("From"))

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"since": today()}, **kwargs})
        self.fields["reports_to"].queryset = Member.objects.visible_to(by).current()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if Member.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Someone with this address is here already."))
        return email


class LeaveForm(forms.Form):
    on = day(label=_("Last day was before"), help_text=_("From this day on they no longer work here."))
    successor = forms.ModelChoiceField(
        Member.objects.none(), label=_("Their people report to"), required=False, empty_label=_("Their own superior")
    )

    def __init__(self, *args: Any, by: Member, person: Member, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today()}, **kwargs})
        others = Member.objects.visible_to(by).current().exclude(pk=person.pk)
        self.fields["successor"].queryset = others.exclude(  # type: ignore[attr-defined]
            Q(pk__in=below(person)) & ~Q(pk__in=Post.objects.filter(reports_to=person, until=None).values("member"))
        )


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Absence.Kind.choices)
    first_day = day(label=_("First day"))
    last_day = day(label=_("Last day"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first_day") and data.get("last_day") and data["last_day"] < data["first_day"]:
            self.add_error("last_day", _("The last day lies before the first."))
        return data


class QualificationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Qualification.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"list": "asked-for"}))
    level = forms.CharField(label=_("Level"), max_length=40, required=False, help_text=_("For a language: A1 to C2."))
    obtained_on = day(label=_("Obtained on"), required=False)
    expires_on = day(label=_("Expires on"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("obtained_on") and data.get("expires_on") and data["expires_on"] < data["obtained_on"]:
            self.add_error("expires_on", _("It would expire before it was obtained."))
        return data


class RungForm(forms.ModelForm[Rung]):
    class Meta:
        model = Rung
        fields = ("name", "level", "salary_from", "salary_to", "currency", "competences")
        labels = {
            "name": _("Name"),
            "level": _("Level"),
            "salary_from": _("Salary from"),
            "salary_to": _("Salary to"),
            "currency": _("Currency"),
            "competences": _("Competences"),
        }
        help_texts = {"level": _("1 is the lowest rung."), "competences": _("What someone on this rung does well.")}
        widgets = {"competences": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("salary_from"), data.get("salary_to")
        if low is not None and high is not None and low > high:
            self.add_error("salary_to", _("The band ends below its beginning."))
        return data


class RequirementForm(forms.ModelForm[Requirement]):
    class Meta:
        model = Requirement
        fields = ("kind", "name")
        labels = {"kind": _("Kind"), "name": _("Name")}


class TeamForm(forms.ModelForm[Team]):
    class Meta:
        model = Team
        fields = ("name", "kind")
        labels = {"name": _("Name"), "kind": _("Kind")}


class RemovalForm(forms.Form):
    """The demonstration company goes: its name is typed, so that nobody presses the button by mistake."""

    company = forms.CharField(
        label=_("Name of the company"),
        help_text=format_lazy(_("Type {company} to say that you mean it."), company=COMPANY),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_company(self) -> str:
        typed = self.cleaned_data["company"]
        if " ".join(typed.split()).casefold() != COMPANY.casefold():
            raise forms.ValidationError(_("The company is called %(company)s."), params={"company": COMPANY})
        return typed
