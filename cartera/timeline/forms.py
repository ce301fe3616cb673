from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Contact, Stewardship
from cartera.kit.clock import now, today
from cartera.team.models import Member
from cartera.timeline.models import Interaction
from cartera.timeline.touches import cadence


class People(forms.ModelMultipleChoiceField):
    """Contacts, with what they are and whether they asked to be left alone."""

    def label_from_instance(self, person: Any) -> str:
        parts = [str(person), person.position]
        if person.do_not_contact_until and person.do_not_contact_until > today():
            parts.append(str(_("asked not to be contacted")))
        return " · ".join(part for part in parts if part)


class ConversationForm(forms.Form):
    """What is written down of a conversation; an empty moment means now."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Interaction.Kind.choices, widget=forms.RadioSelect, initial=Interaction.Kind.CALL
    )
    direction = forms.ChoiceField(
        label=_("Who began"), choices=Interaction.Direction.choices, initial=Interaction.Direction.OUTBOUND
    )
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=_("What was said"), max_length=50_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    happened_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        help_text=_("Empty means now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    members = forms.ModelMultipleChoiceField(
        label=_("Of us"), queryset=Member.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    contacts = People(
        label=_("Of them"), queryset=Contact.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any = None,
        *,
        account: Account,
        me: Member,
        interaction: Interaction | None = None,
        initial: Any = (),
    ) -> None:
        proposed = _said(interaction) if interaction else {"members": [me.pk]}
        initial = {**proposed, **(initial or {})}
        super().__init__(data, initial=initial)
        stewards = Stewardship.objects.current().filter(account=account).order_by().values("member")
        us = Member.objects.filter(Q(pk__in=stewards) | Q(pk__in=[me.pk, *initial["members"]]))
        them = Contact.objects.known().filter(account=account)
        here = Q(left_on=None) | Q(left_on__gt=today()) | Q(pk__in=initial.get("contacts", ()))
        self.fields["members"].queryset = us.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = them.filter(here)  # type: ignore[attr-defined]

    def clean_happened_at(self) -> Any:
        at = self.cleaned_data["happened_at"]
        if at and at > now():
            raise ValidationError(_("This moment lies in the future."))
        return at or now()


def _said(interaction: Interaction) -> dict[str, Any]:
    names = ("kind", "direction", "subject", "text", "happened_at", "minutes")
    people = {name: [person.pk for person in getattr(interaction, name).all()] for name in ("members", "contacts")}
    return {name: getattr(interaction, name) for name in names} | people


class CadenceForm(forms.Form):
    """Days between two contacts, by tier."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = cadence()
        for tier in Account.Tier.values:
            self.fields[tier] = forms.IntegerField(
                label=_("Tier %s") % tier, min_value=1, max_value=730, initial=days[tier], help_text=_("days")
            )
