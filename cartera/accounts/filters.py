"""How accounts are filtered as text. Every name has its Spanish twin, which means the same."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Contact, CustomField, Stewardship
from cartera.kit.features import offers
from cartera.kit.filter_columns import on_choice, on_column, on_moment, on_text
from cartera.kit.filters import FilterContext, Qualifier
from cartera.team.models import Member

CHOICES_SHOWN = 200


def known(column: str) -> list[str]:
    """The different values of *column*, which an index begins with: hopped through, not read through."""
    hops = (
        f"WITH RECURSIVE hop(x) AS (SELECT MIN({column}) FROM accounts_account UNION ALL"  # noqa: S608 - our own names
        f" SELECT (SELECT MIN({column}) FROM accounts_account WHERE {column} > hop.x) FROM hop WHERE hop.x IS NOT NULL)"
        f" SELECT x FROM hop WHERE x <> '' LIMIT {CHOICES_SHOWN}"
    )
    with connection.cursor() as cursor:
        cursor.execute(hops)
        return [row[0] for row in cursor.fetchall()]


def _people(context: FilterContext) -> list[tuple[Any, str]]:
    if "people" not in context.kept:
        context.kept["people"] = [(member.pk, str(member)) for member in Member.objects.all()]
    return context.kept["people"]


def _steward(op: str, value: Any, context: FilterContext) -> Q:
    current = Stewardship.objects.current(context.today).filter(account=OuterRef("pk"))
    if op in ("none", "any"):
        return ~Q(Exists(current)) if op == "none" else Q(Exists(current))
    return Q(pk__in=Stewardship.objects.current(context.today).filter(member=value).values("account"))


def _tag(op: str, value: Any, _context: FilterContext) -> Q:
    if op in ("none", "any"):
        return Q(tags=[]) if op == "none" else ~Q(tags=[])
    if connection.vendor == "postgresql":
        return Q(tags__contains=[value])
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return Q(tags__icontains=f'"{quoted}"')


def _group(op: str, value: Any, _context: FilterContext) -> Q:
    if op in ("none", "any"):
        return Q(parent__isnull=op == "none")
    return Q(parent__name__icontains=value) | Q(name__icontains=value, children__isnull=False)


def _has(op: str, value: Any, _context: FilterContext) -> Q:
    things = {
        "contacts": Exists(Contact.objects.present().filter(account=OuterRef("pk"))),
        "children": Exists(Account.objects.filter(parent=OuterRef("pk"), merged_into=None)),
        "parent": Q(parent__isnull=False),
        "domain": ~Q(domain=""),
    }
    return Q(things[value]) if op == "=" else Q()


QUALIFIERS = [
    Qualifier(name="health", label=_("Health"), kind="number", build=on_column("health")),
    Qualifier(name="change", label=_("Change of health"), kind="number", build=on_column("health_change")),
    Qualifier(
        name="risk", label=_("Risk of falling silent, in percent"), kind="number",
        build=lambda op, value, context: on_column("silence_risk")(op, None if value is None else value / 100, context),
    ),
    Qualifier(name="revenue", label=_("Revenue of 12 months"), kind="money", build=on_column("revenue")),
    Qualifier(name="overdue", label=_("Overdue money"), kind="money", build=on_column("overdue")),
    Qualifier(
        name="tier", label=_("Tier"), kind="choice", build=on_choice("tier"), choices=lambda c: Account.Tier.choices
    ),
    Qualifier(
        name="stage", label=_("Stage"), kind="choice", build=on_choice("stage"), choices=lambda c: Account.Stage.choices
    ),
    Qualifier(
        name="country", label=_("Country"), kind="choice", build=on_choice("country"),
        choices=lambda c: [(value, "") for value in known("country")],
    ),
    Qualifier(
        name="industry", label=_("Industry"), kind="choice", build=on_choice("industry"),
        choices=lambda c: [(value, "") for value in known("industry")],
    ),
    Qualifier(name="owner", label=_("Who leads it"), kind="member", build=on_column("lead"), choices=_people),
    Qualifier(
        name="steward", label=_("Who looks after it, in any role"), kind="member", build=_steward, choices=_people
    ),
    Qualifier(name="tag", label=_("Tag"), kind="text", build=_tag),
    Qualifier(name="touched", label=_("Last contact"), kind="date", build=on_moment("last_touch_at"), past=True),
    Qualifier(name="next", label=_("Next contact"), kind="date", build=on_column("next_touch_on")),
    Qualifier(name="ordered", label=_("Last order"), kind="date", build=on_column("last_order_on"), past=True),
    Qualifier(name="opened", label=_("Client since"), kind="date", build=on_moment("opened_at"), past=True),
    Qualifier(name="name", label=_("Name"), kind="text", build=on_text("name")),
    Qualifier(name="domain", label=_("Web domain"), kind="text", build=on_text("domain")),
    Qualifier(name="group", label=_("Part of a group"), kind="text", build=_group),
    Qualifier(
        name="has", label=_("What it has"), kind="choice", build=_has,
        choices=lambda c: [
            ("contacts", _("Contacts")), ("children", _("Accounts of its own")), ("parent", _("A group")),
            ("domain", _("Web domain")),
        ],
    ),
]  # fmt: skip

SPANISH = {
    "health": "salud", "change": "cambio", "risk": "riesgo", "revenue": "ingresos", "overdue": "vencido",
    "tier": "nivel", "stage": "fase", "country": "país", "industry": "sector", "owner": "responsable",
    "steward": "gestor", "tag": "etiqueta", "touched": "contactado", "next": "próximo", "ordered": "pedido",
    "opened": "desde", "name": "nombre", "domain": "dominio", "group": "grupo", "has": "tiene",
}  # fmt: skip


def qualifiers() -> list[Qualifier]:
    """All that a filter may name: what the apps offer, in both languages, and the company's own fields."""
    offered = offers("filters")
    spanish = [replace(q, name=name) for q in offered if (name := _twin(q))]
    return [*offered, *spanish, *_own_fields()]


def proposed() -> list[Qualifier]:
    """The qualifiers that completion shows: each once, in the reader's language."""
    twins = {qualifier.name: name for qualifier in offers("filters") if (name := _twin(qualifier))}
    hidden = set(twins) if get_language() == "es" else set(twins.values())
    return [qualifier for qualifier in qualifiers() if qualifier.name not in hidden]


def _twin(qualifier: Qualifier) -> str:
    """The qualifier's name in Spanish, if it has one of its own."""
    return qualifier.spanish or SPANISH.get(qualifier.name, "")


def _own_fields() -> Iterable[Qualifier]:
    for field in CustomField.objects.all():
        kind = {"number": "number", "date": "date", "choice": "choice"}.get(field.kind, "text")
        yield Qualifier(
            name=f"field.{field.key}", label=field.label, kind=kind, build=_own(field),  # type: ignore[arg-type]
            choices=_choices(field),
        )  # fmt: skip


def _choices(field: CustomField) -> Callable[[FilterContext], list[tuple[Any, str]]]:
    return lambda _context: [(value, "") for value in field.choices]


def _own(field: CustomField) -> Any:
    path = f"custom__{field.key}"
    lookups = {"=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}

    def build(op: str, value: Any, _context: FilterContext) -> Q:
        if op in ("none", "any"):
            return Q(custom__has_key=field.key) if op == "any" else ~Q(custom__has_key=field.key)
        if field.kind == "number":
            return Q(**{f"{path}{lookups[op]}": float(value)})
        if field.kind == "date":
            return Q(**{f"{path}{lookups[op]}": value.isoformat()})
        return Q(**{path: value}) if field.kind == "choice" else Q(**{f"{path}__icontains": value})

    return build
