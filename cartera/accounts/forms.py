"""What people fill in about accounts and their people."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cartera.accounts import operations
from cartera.accounts.columns import Column
from cartera.accounts.models import Account, Closing, Contact, CustomField, Stewardship
from cartera.kit.models import Change
from cartera.team.models import Member

Date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def active_members() -> Any:
    return Member.objects.filter(is_active=True)


def own_fields() -> dict[str, forms.Field]:
    """A form field for each field of the company's own."""
    return {f"field.{field.key}": own_field(field) for field in CustomField.objects.all()}


def own_field(field: CustomField) -> forms.Field:
    match field.kind:
        case CustomField.Kind.NUMBER:
            return forms.FloatField(label=field.label, required=False)
        case CustomField.Kind.DATE:
            return forms.DateField(label=field.label, required=False, widget=Date)
        case CustomField.Kind.CHOICE:
            choices = [("", "–"), *((value, value) for value in field.choices)]
            return forms.ChoiceField(label=field.label, required=False, choices=choices)
    return forms.CharField(label=field.label, required=False, max_length=500)


def stored(value: Any) -> Any:
    """An own field's value as it is kept."""
    return value.isoformat() if hasattr(value, "isoformat") else value


class CellForm(forms.Form):
    """One field of one account, in its place in the list."""

    def __init__(self, *args: Any, account: Account, column: Column, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.column = account, column
        match column.key:
            case "tier":
                field: forms.Field = forms.ChoiceField(
                    choices=[("", "–"), *Account.Tier.choices], required=False, initial=account.tier
                )
            case "stage":
                stages = [choice for choice in Account.Stage.choices if choice[0] != "lost" or account.stage == "lost"]
                field = forms.ChoiceField(choices=stages, initial=account.stage)
            case "lead":
                field = forms.ModelChoiceField(
                    active_members(), required=False, initial=account.lead_id, empty_label=_("nobody")
                )
            case "tags":
                field = forms.CharField(required=False, initial=", ".join(account.tags), max_length=400)
            case _:
                field = own_field(CustomField.objects.get(key=column.own_field))
                field.initial = account.custom.get(column.own_field)
        field.label = str(column.label)
        field.widget.attrs["aria-label"] = f"{column.label}: {account}"
        self.fields["value"] = field

    def save(self, *, by: Member, at: datetime) -> Change | None:
        value = self.cleaned_data["value"]
        match self.column.key:
            case "tier":
                return operations.edit(self.account, tier=value, by=by, at=at)
            case "stage":
                return operations.move_stage(self.account, to=value, by=by, at=at)
            case "lead":
                return operations.hand_over(self.account, to=value, by=by, at=at)
            case "tags":
                return operations.edit(self.account, tags=value.split(","), by=by, at=at)
        return operations.edit(self.account, custom={self.column.own_field: stored(value)}, by=by, at=at)


class AccountForm(forms.ModelForm):
    """What is known about an account, the company's own fields included."""

    tags = forms.CharField(label=_("Tags"), required=False, max_length=400, help_text=_("Separated by commas."))

    class Meta:
        model = Account
        fields = [
            "name", "external_id", "tier", "parent", "domain", "tax_number", "industry", "country", "language",
            "time_zone", "currency",
        ]  # fmt: skip
        widgets = {"parent": forms.NumberInput}

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = forms.CharField(
            label=_("Part of"), required=False, help_text=_("The name or external id of the group it belongs to.")
        )
        self.member = member
        external_id: Any = self.fields["external_id"]
        external_id.empty_value = None
        self.initial["tags"] = ", ".join(self.instance.tags)
        self.initial["parent"] = str(self.instance.parent or "")
        for key, field in own_fields().items():
            self.fields[key] = field
            self.initial[key] = self.instance.custom.get(key.removeprefix("field."))

    def clean_parent(self) -> int | None:
        wanted = self.cleaned_data["parent"].strip()
        if not wanted:
            return None
        if self.instance.parent and wanted == str(self.instance.parent):
            return self.instance.parent_id
        visible = Account.objects.visible_to(self.member)
        found = list((visible.filter(external_id=wanted) or visible.filter(name__iexact=wanted))[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("Several accounts have this name; give the external id.") if found else _("There is no such account.")
            )
        return found[0].pk

    def _post_clean(self) -> None:
        """The operation checks and writes; the instance stays as it was, so that it knows what was before."""
        taken = self.cleaned_data.get("external_id")
        if taken and Account.objects.filter(external_id=taken).exclude(pk=self.instance.pk).exists():
            self.add_error("external_id", _("Another account has this external id."))

    def values(self) -> dict[str, Any]:
        """What was filled in, as the operations take it."""
        data = self.cleaned_data
        own = {key.removeprefix("field."): stored(value) for key, value in data.items() if key.startswith("field.")}
        plain = {name: data[name] for name in self.Meta.fields if name != "parent"}
        return {**plain, "parent_id": data["parent"], "tags": data["tags"].split(","), "custom": own}


class ContactForm(forms.ModelForm):
    """A person in a client's company."""

    class Meta:
        model = Contact
        fields = [
            "name", "position", "email", "phone", "role", "power", "support", "reports_to", "language", "consent",
            "do_not_contact_until", "left_on",
        ]  # fmt: skip
        widgets = {
            "power": forms.Select(choices=[("", "–"), *((n, n) for n in range(1, 6))]),
            "support": forms.Select(choices=[("", "–"), *((n, f"{n:+}" if n else "0") for n in range(-2, 3))]),
            "do_not_contact_until": Date, "left_on": Date,
        }  # fmt: skip

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reports_to: Any = self.fields["reports_to"]
        reports_to.queryset = account.contacts.present().exclude(pk=self.instance.pk)

    def _post_clean(self) -> None:
        """The operation writes; the instance stays as it was."""

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        superior = data.pop("reports_to")
        return {**data, "reports_to_id": superior.pk if superior else None}


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        Member.objects.none(), label=_("New steward"), required=False, empty_label=_("Nobody for now")
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = active_members()


class AssignForm(forms.Form):
    member = forms.ModelChoiceField(Member.objects.none(), label=_("Who"))
    role = forms.ChoiceField(
        label=_("role"), choices=[choice for choice in Stewardship.Role.choices if choice[0] != "lead"]
    )
    since = forms.DateField(label=_("since"), required=False, widget=Date)
    until = forms.DateField(
        label=_("until"),
        required=False,
        widget=Date,
        help_text=_("A cover needs one; the day itself is no longer part of it."),
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.queryset = active_members()


class CloseForm(forms.Form):
    reason = forms.ChoiceField(label=_("reason"), choices=Closing.Reason.choices)
    note = forms.CharField(label=_("note"), required=False, max_length=200)


class FieldForm(forms.Form):
    key = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$", label=_("key"), help_text=_("Small letters and numbers; filters call it field.key.")
    )
    label = forms.CharField(label=_("label"), max_length=80)
    kind = forms.ChoiceField(label=_("kind"), choices=CustomField.Kind.choices)
    choices = forms.CharField(
        label=_("choices"), required=False, help_text=_("For a choice: the values, separated by commas.")
    )
    order = forms.IntegerField(label=_("order"), initial=0, min_value=0, max_value=999)

    def clean_choices(self) -> list[str]:
        return [value.strip() for value in self.cleaned_data["choices"].split(",") if value.strip()]
