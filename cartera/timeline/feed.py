"""How what happens to accounts and to conversations reads. Accounts lie below and cannot say it themselves."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartera.accounts.models import Account, Contact, Stewardship
from cartera.kit import verbs
from cartera.kit.models import Change
from cartera.timeline.models import Event
from cartera.timeline.offers import FeedKind


def _after(*names: str) -> Callable[[Change], Mapping[str, Any]]:
    """Of a verb that may concern many accounts, only these values are kept with each."""
    return lambda change: {name: change.after[name] for name in names if name in change.after}


def _label(model: type[Any], name: str) -> str:
    return str(model._meta.get_field(name.removesuffix("_id")).verbose_name)


def _choice(enum: Any, value: str) -> str:
    return str(dict(enum.choices).get(value, value))


def _edited(model: type[Any]) -> Callable[[Event], str]:
    def sentence(event: Event) -> str:
        names = get_text_list([_label(model, name) for name in event.data.get("before", {})], _("and"))
        if model is Account:
            return _("Edited: %s") % names
        return _("Edited %(person)s: %(fields)s") % {"person": event.subject, "fields": names}

    return sentence


def _moved_stage(event: Event) -> str:
    stages = {
        "before": _choice(Account.Stage, event.data["before"]["stage"]),
        "after": _choice(Account.Stage, event.data["after"]["stage"]),
    }
    return _("Stage: from %(before)s to %(after)s") % stages + _why(event.data["after"])


def _set_many(change: Change) -> Mapping[str, Any]:
    return {name: change.after[name] for name in ("tier", "stage") if name in change.after}


def _was_set(event: Event) -> str:
    for name, value in event.data.items():
        if name in ("tier", "stage"):
            enum = Account.Tier if name == "tier" else Account.Stage
            return _("%(field)s: now %(value)s") % {
                "field": _label(Account, name).capitalize(),
                "value": _choice(enum, value),
            }
    return _("Tier or stage changed")


def _tagged(event: Event) -> str:
    parts = [f"+{tag}" for tag in event.data.get("add", ())] + [f"−{tag}" for tag in event.data.get("remove", ())]
    return _("Tags: %s") % " ".join(parts) if parts else _("Tags changed")


def _handed_over(event: Event) -> str:
    if name := event.data.get("name"):
        text = _("Handed over to %s") % name
    elif "to" in event.data:
        text = _("Nobody looks after it any more")
    else:
        text = _("Handed over")
    return text + _why(event.data)


def _assigned(event: Event) -> str:
    after = event.data["after"]
    role = _choice(Stewardship.Role, after["role"])
    return _("%(name)s joins as %(role)s") % {"name": after["name"], "role": role.lower()} + _why(after)


def _closed(event: Event) -> str:
    note = event.data.get("after", {}).get("note")
    return _("The client left") + (f": {note}" if note else "")


def _why(values: Mapping[str, Any]) -> str:
    return f" – {values['why']}" if values.get("why") else ""


def _about(text: Any) -> Callable[[Event], str]:
    """A sentence with the subject in it."""
    return lambda event: str(text) % event.subject


def _said(event: Event) -> str:
    interaction = event.interaction
    return str(interaction) if interaction else _("Conversation")


def _contact(event: Event) -> str | None:
    pk = event.data.get("contact")
    return reverse("accounts:contact", args=[event.account_id, pk]) if pk else None


def _with_contact(change: Change) -> Mapping[str, Any]:
    return {"contact": change.subject_id, "before": change.before}


def _conversation(event: Event) -> str | None:
    return reverse("timeline:interaction", args=[event.interaction_id]) if event.interaction_id else None


KINDS = (
    FeedKind(kind="timeline.log", icon="message-circle", sentence=_said, url=_conversation, group="talk"),
    FeedKind(kind="accounts.open", icon="building-2", data=_after()),
    FeedKind(
        kind="accounts.open_many",
        icon="building-2",
        sentence=lambda event: verbs.label("accounts.open"),
        data=_after(),
    ),
    FeedKind(kind="accounts.edit", icon="pencil", sentence=_edited(Account)),
    FeedKind(kind="accounts.move_stage", icon="arrow-right-left", sentence=_moved_stage),
    FeedKind(kind="accounts.set_many", icon="pencil", sentence=_was_set, data=_set_many),
    FeedKind(kind="accounts.tag", icon="tag", sentence=_tagged, data=_after("add", "remove")),
    FeedKind(kind="accounts.hand_over", icon="hand-helping", sentence=_handed_over, data=_after("to", "name", "why")),
    FeedKind(kind="accounts.assign", icon="user-plus", sentence=_assigned),
    FeedKind(kind="accounts.end_stewardship", icon="user-minus"),
    FeedKind(kind="accounts.close", icon="door-closed", sentence=_closed),
    FeedKind(kind="accounts.reopen", icon="door-open"),
    FeedKind(
        kind="accounts.merge",
        icon="merge",
        sentence=lambda event: _("Merged with %s") % event.data.get("name", event.subject),
        data=_after("name"),
    ),
    FeedKind(kind="accounts.keep_apart", icon="layers", data=_after()),
    FeedKind(
        kind="accounts.add_contact",
        icon="user-plus",
        sentence=_about(gettext_lazy("New person: %s")),
        url=_contact,
        data=_with_contact,
    ),
    FeedKind(kind="accounts.edit_contact", icon="pencil", sentence=_edited(Contact), url=_contact, data=_with_contact),
    FeedKind(
        kind="accounts.contact_left",
        icon="user-minus",
        sentence=_about(gettext_lazy("%s left the company")),
        url=_contact,
        data=_with_contact,
    ),
    FeedKind(
        kind="accounts.leave_alone",
        icon="bell-off",
        sentence=_about(gettext_lazy("%s asked not to be contacted for a while")),
        url=_contact,
        data=_with_contact,
    ),
    FeedKind(
        kind="accounts.merge_contacts",
        icon="merge",
        sentence=_about(gettext_lazy("Two entries of %s became one")),
        url=_contact,
        data=_with_contact,
    ),
    FeedKind(kind="accounts.import", icon="upload", data=_after()),
    FeedKind(kind="accounts.import_contacts", icon="upload", data=_after()),
    FeedKind(kind="accounts.import_stewardship", icon="upload", data=_after()),
    FeedKind(kind="timeline.import", icon="upload", data=_after()),
)
