"""Choosing a file, and saying what its columns are."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from cartera.imports import queries
from cartera.imports.encodings import ENCODINGS
from cartera.imports.models import Run
from cartera.imports.offers import ImportKind

ORDERS = [("", _("As the file shows")), ("dmy", _("Day first (31/12/2026)")), ("mdy", _("Month first (12/31/2026)"))]
DELIMITERS = [("", _("As the file shows")), (",", ","), (";", ";"), ("\t", _("Tab")), ("|", "|")]
PREFIX = "column-"


class FileForm(forms.Form):
    kind = forms.ChoiceField(label=_("What are its rows?"), widget=forms.RadioSelect)
    file = forms.FileField(label=_("File"), help_text=_("CSV (also compressed with gzip), XLSX, XLS or ODS."))

    def __init__(self, *args: Any, kinds: list[ImportKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """A select for each heading of the file, and what else the kind needs to know."""

    dates = forms.ChoiceField(label=_("Dates in this file"), choices=ORDERS, required=False)
    zone = forms.CharField(label=_("Time zone of its times"), required=False)
    currency = forms.CharField(label=_("Currency of amounts that name none"), max_length=3, min_length=3)

    def __init__(self, *args: Any, run: Run, kind: ImportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.kind = run, kind
        columns = list(kind.columns())
        if "currency" not in kind.options:
            del self.fields["currency"]
        if not any(column.kind in ("date", "datetime") for column in columns):
            del self.fields["dates"]
            del self.fields["zone"]
        choices = [("", _("— leave out —")), *((c.key, f"{c.label} *" if c.required else c.label) for c in columns)]
        for place, heading in enumerate(run.headings):
            name = f"{PREFIX}{place}"
            self.fields[name] = forms.ChoiceField(label=heading or lazystr("–"), choices=choices, required=False)
            self.initial.setdefault(name, run.mapping.get(str(place), ""))

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"] or "UTC"
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no time zone “%(zone)s”.") % {"zone": zone})
        return zone

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()

    def clean(self) -> dict[str, Any]:
        mapping = self.mapping()
        twice = {key for key in mapping.values() if list(mapping.values()).count(key) > 1}
        for place, key in mapping.items():
            if key in twice:
                self.add_error(f"{PREFIX}{place}", _("Another column is this already."))
        if missing := queries.missing_columns(self.kind, set(mapping.values())):
            self.add_error(None, _("Still missing: %(columns)s.") % {"columns": ", ".join(missing)})
        return self.cleaned_data

    def mapping(self) -> dict[str, str]:
        """Place to column key, of the headings that are imported."""
        found = ((name.removeprefix(PREFIX), key) for name, key in self.cleaned_data.items() if name.startswith(PREFIX))
        return {place: key for place, key in found if key}

    def options(self) -> dict[str, Any]:
        dated = [column.key for column in self.kind.columns() if column.kind in ("date", "datetime")]
        said: dict[str, Any] = {}
        for name in ("zone", "currency"):
            if name in self.cleaned_data:
                said[name] = self.cleaned_data[name]
        order = self.cleaned_data.get("dates")
        return {**said, "ways": dict.fromkeys(dated, order) if order else {}}


class ReadingForm(forms.Form):
    """How the file is to be read, when it was recognised wrongly."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Separator"), choices=DELIMITERS, required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["encoding"].choices = [("", _("As the file shows")), *((name, name) for name in ENCODINGS)]  # type: ignore[attr-defined]
        self.fields["sheet"].choices = [(name, name) for name in run.format.get("sheets", [])]  # type: ignore[attr-defined]
        unused = ("encoding", "delimiter") if run.format.get("kind") == "workbook" else ("sheet",)
        for name in unused:
            del self.fields[name]
