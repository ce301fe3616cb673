"""Interactions from a file: calls, mails, meetings and visits of the past."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cartera.accounts.imports import ACCOUNT
from cartera.accounts.loading_people import with_accounts
from cartera.accounts.models import Contact
from cartera.imports.offers import Column, ImportContext, ImportKind, Problem, Result, Row
from cartera.team.models import Member
from cartera.team.queries import may
from cartera.timeline import operations, touches
from cartera.timeline.models import Interaction

COLUMNS = (
    ACCOUNT,
    Column(
        key="external_id",
        label=_("external id"),
        headings=("interaction id", "activity id", "id actividad", "id interacción"),
        max_length=100,
    ),
    Column(
        key="kind",
        label=_("kind"),
        headings=("type", "activity type", "channel", "tipo", "canal", "clase"),
        kind="choice",
        required=True,
        choices={
            "call": ("call", "phone", "phone call", "llamada", "teléfono"),
            "mail": ("mail", "email", "e-mail", "correo", "correo electrónico"),
            "meeting": ("meeting", "video call", "reunión", "videollamada"),
            "visit": ("visit", "visita"),
            "chat": ("chat", "message", "whatsapp", "mensaje"),
            "note": ("note", "nota"),
        },
    ),
    Column(
        key="direction",
        label=_("direction"),
        headings=("in/out", "dirección", "sentido"),
        kind="choice",
        choices={
            "in": ("inbound", "incoming", "received", "entrante", "recibida", "recibido", "entrada"),
            "out": ("outbound", "outgoing", "sent", "saliente", "enviada", "enviado", "salida"),
            "internal": ("internal", "interna", "interno"),
        },
    ),
    Column(
        key="happened_at",
        label=_("when"),
        headings=("date", "date and time", "happened at", "time", "fecha", "fecha y hora", "cuándo"),
        kind="datetime",
        required=True,
    ),
    Column(
        key="minutes",
        label=_("minutes"),
        headings=("duration", "length", "minutos", "duración"),
        kind="integer",
        least=0,
        most=1440,
    ),
    Column(
        key="member",
        label=_("mail address of who of us"),
        headings=("member", "owner", "user", "by", "miembro", "gestor", "gestora", "responsable", "usuario"),
        kind="mail",
    ),
    Column(
        key="contact",
        label=_("mail address of who of them"),
        headings=("contact", "contact email", "contacto", "correo contacto"),
        kind="mail",
    ),
    Column(
        key="subject",
        label=_("subject"),
        headings=("title", "asunto", "título"),
        max_length=200,
    ),
    Column(
        key="text",
        label=_("text"),
        headings=("notes", "description", "body", "comments", "notas", "descripción", "comentarios", "texto"),
        kind="long",
    ),
)  # fmt: skip


def identity(values: dict[str, Any]) -> str:
    """What an interaction without an id of its own is known by: all that tells it from others."""
    if values.get("external_id"):
        return str(values["external_id"])
    said = "\x1f".join(str(values.get(name) or "") for name in ("account", "kind", "happened_at", "subject", "text"))
    return f"file:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def load(rows: list[Row], context: ImportContext) -> Result:
    """Log the interactions that are not there yet. What was logged once is edited on the page, not by a file."""
    result = Result()
    known = [(account, row) for account, row in with_accounts(rows, context, result) if _is_past(row, context, result)]
    there = set(
        Interaction.objects.filter(external_id__in=[identity(row.values) for _account, row in known])
        .order_by()
        .values_list("external_id", flat=True)
    )
    members = _ids(Member.objects.order_by("pk"), {row.values.get("member") for _account, row in known})
    contacts = _contacts(known)
    fresh = []
    for account, row in known:
        if identity(row.values) in there:
            result.same += 1
        elif (mail := row.values.get("member")) and mail not in members:
            result.problems.append(Problem(row.number, "member", _("“%(text)s” is nobody of ours") % {"text": mail}))
        else:
            fresh.append(_interaction(account, row.values, members, contacts, context))
    ids = operations.log_many(fresh, by=context.by, at=context.at)
    result.created = len(ids)
    result.made = [("timeline.interaction", ids)]
    result.memo = {"accounts": sorted({row["account_id"] for row in fresh})}
    return result


def _is_past(row: Row, context: ImportContext, result: Result) -> bool:
    if row.values["happened_at"].date() <= context.as_of:
        return True
    result.problems.append(Problem(row.number, "happened_at", _("lies after the day that is today")))
    return False


def _ids(people: Any, mails: set[str | None]) -> dict[str, int]:
    return dict(people.filter(email__in=mails - {None}).values_list("email", "pk"))


def _contacts(known: list[tuple[int, Row]]) -> dict[tuple[int, str], int]:
    mails = {row.values.get("contact") for _account, row in known} - {None}
    rows = Contact.objects.filter(account__in={account for account, _row in known}, email__in=mails).order_by("-pk")
    return {(account, mail): pk for account, mail, pk in rows.values_list("account", "email", "pk")}


def _interaction(
    account: int,
    values: dict[str, Any],
    members: dict[str, int],
    contacts: dict[tuple[int, str], int],
    context: ImportContext,
) -> dict[str, Any]:
    """As log_many takes it. What is told of the past counts as known when it happened."""
    contact = contacts.get((account, values.get("contact") or ""))
    return {
        "account_id": account,
        "external_id": identity(values),
        "kind": values["kind"],
        "direction": values.get("direction") or "out",
        "happened_at": values["happened_at"],
        "recorded_at": min(values["happened_at"], context.at),
        "minutes": values.get("minutes"),
        "subject": values.get("subject") or "",
        "text": values.get("text") or "",
        "member_ids": [members[values["member"]]] if values.get("member") else [],
        "contact_ids": [contact] if contact else [],
    }


def tidy(memos: Sequence[dict[str, Any]]) -> None:
    """After an import was undone: when each account was last in contact."""
    touches.keep_touches({pk for memo in memos for pk in memo.get("accounts", ())})


KINDS = (
    ImportKind(
        key="interactions",
        label=_("Interactions"),
        hint=_("Calls, mails, meetings and visits of the past, with the account and the date."),
        icon="messages-square",
        columns=lambda: COLUMNS,
        key_columns=("account", "external_id", "kind", "happened_at", "subject", "text"),
        key_of=identity,
        load=load,
        tidy=tidy,
        may=lambda member: may(member, "import"),
        verb="timeline.import",
        watched={"timeline.interaction": ("kind", "happened_at", "subject", "text", "withdrawn_at")},
        order=50,
    ),
)
