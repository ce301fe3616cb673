"""An account's usage; and, for administrators, the keys, what came in, whose it is, and what was put aside."""

from collections.abc import Iterator

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cartera.accounts.models import Account
from cartera.design import charts, reader
from cartera.kit import undo
from cartera.kit.clock import now
from cartera.kit.errors import NotAllowed
from cartera.kit.pagination import keyset_page
from cartera.kit.requests import Request
from cartera.search.queries import matching
from cartera.team.queries import may
from cartera.usage import operations, queries
from cartera.usage.forms import KeyForm
from cartera.usage.models import Aside, Workspace, WriteKey

FOUND = 20  # accounts offered for a workspace


def account(request: Request, account_id: int) -> HttpResponse:
    """How an account uses the product: the panel on its page, and a page with the people behind the numbers."""
    found = get_object_or_404(Account.objects.visible_to(request.member), pk=account_id)
    used = queries.of_account(found, at=now())
    context = {"account": found, "used": used, "chart": _weeks(used), "top": _features(used)}
    if request.htmx:
        return render(request, "usage/account.html#panel", context)
    people = queries.people_of(found, at=now()) if used.last else []
    workspaces = Workspace.objects.filter(account=found)
    return render(request, "usage/account.html", {**context, "people": people, "workspaces": workspaces, "alone": True})


def settings(request: Request) -> HttpResponse:
    """The write keys, how a client is pointed here, and what came in."""
    _require(request)
    return _settings(request, KeyForm())


@require_POST
def make_key(request: Request) -> HttpResponse:
    """Make a write key, and show it: this once."""
    _require(request)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _settings(request, form, status=422)
    made, key = operations.make_key(**form.cleaned_data, by=request.member, at=now())
    return _settings(request, KeyForm(), made=made, key=key)


@require_POST
def revoke_key(request: Request, write_key_id: int) -> HttpResponse:
    _require(request)
    found = get_object_or_404(WriteKey, pk=write_key_id)
    change = operations.revoke_key(found, by=request.member, at=now())
    undo.offer(request, change, _("Revoked: %s") % found)
    return redirect("usage:settings")


def untied(request: Request) -> HttpResponse:
    """The workspaces of which it is not known whose they are."""
    _require(request)
    text = request.GET.get("q", "").strip()[:100]
    waiting = Workspace.objects.untied()
    if text:
        named = Q(name__icontains=text) | Q(external_id__icontains=text) | Q(email__icontains=text)
        waiting = waiting.filter(named)
    page = keyset_page(waiting, "-last_seen_at", after=request.GET.get("after"))
    return render(request, "usage/untied.html", {"page": page, "text": text})


def workspace(request: Request, workspace_id: int) -> HttpResponse:
    """Whose is a workspace: found by name, or told to be nobody's."""
    _require(request)
    found = get_object_or_404(Workspace.objects.select_related("account"), pk=workspace_id)
    text = request.GET.get("q", "").strip()[:100]
    accounts = Account.objects.visible_to(request.member).filter(matching(text or str(found), "account"))[:FOUND]
    people = found.people.all()[:FOUND]
    return render(
        request, "usage/workspace.html", {"workspace": found, "text": text, "accounts": accounts, "people": people}
    )


@require_POST
def tie(request: Request, workspace_id: int) -> HttpResponse:
    """Say whose a workspace is; with no account, nobody's yet."""
    _require(request)
    found = get_object_or_404(Workspace, pk=workspace_id)
    asked = request.POST.get("account", "")
    to = None
    if asked:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
        to = get_object_or_404(Account.objects.visible_to(request.member), pk=number)
    change = operations.tie(found, to=to, by=request.member, at=now())
    said = _("%(workspace)s belongs to %(account)s; its days will count there within a minute.")
    undo.offer(
        request, change, said % {"workspace": found, "account": to} if to else _("%s is nobody's for now.") % found
    )
    return redirect("usage:untied")


@require_POST
def ignore(request: Request, workspace_id: int) -> HttpResponse:
    _require(request)
    found = get_object_or_404(Workspace, pk=workspace_id)
    change = operations.ignore(found, by=request.member, at=now())
    undo.offer(request, change, _("%s is left out.") % found)
    return redirect("usage:untied")


def aside(request: Request) -> HttpResponse:
    """What could not be counted, and why."""
    _require(request)
    found = Aside.objects.select_related("key")
    reason = request.GET.get("reason", "")
    if reason in Aside.Reason.values:
        found = found.filter(reason=reason)
    page = keyset_page(found, "-received_at", after=request.GET.get("after"))
    return render(request, "usage/aside.html", {"page": page, "reason": reason, "reasons": Aside.Reason.choices})


def download_aside(request: Request) -> HttpResponse | StreamingHttpResponse:
    """All of it as text, a message a line after its time and reason."""
    _require(request)
    answer = StreamingHttpResponse(_lines(), content_type="text/tab-separated-values; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="put-aside.tsv"'
    return answer


@require_POST
def try_again(request: Request) -> HttpResponse:
    """Try the latest messages again that were put aside."""
    _require(request)
    tried = operations.try_again(
        Aside.objects.all()[: operations.TRIED_AT_ONCE], by=request.member, at=now()
    )  # fmt: skip
    said = ngettext(
        "%(tried)s message will be tried again within a minute.",
        "%(tried)s messages will be tried again within a minute.",
        tried,
    ) % {"tried": reader.number(tried)}
    messages.success(request, said)
    return redirect("usage:aside")


def _settings(request: Request, form: KeyForm, *, status: int = 200, **made: object) -> HttpResponse:
    context = {
        "form": form, "keys": WriteKey.objects.select_related("made_by"), "host": request.build_absolute_uri("/")[:-1],
        "hours": [(hour, row) for hour, row in reversed(queries.by_hour(at=now())) if any(row[n] for n in COUNTS)],
        "untied": Workspace.objects.untied()[:1000].count(), "aside": Aside.objects.all()[:1000].count(), **made,
    }  # fmt: skip
    return render(request, "usage/settings.html", context, status=status)


COUNTS = ("events", "twice", "aside")


def _lines() -> Iterator[str]:
    yield "received\treason\tmessage\n"
    for one in Aside.objects.iterator(chunk_size=500):
        yield f"{one.received_at.isoformat()}\t{one.reason}\t{one.message.replace('\t', ' ').replace('\n', ' ')}\n"


def _weeks(used: queries.AccountUsage) -> str:
    most = max((people for _week, people in used.weeks), default=0)
    values = [(week, float(people)) for week, people in used.weeks]
    label = _("Active people by week")
    return charts.history_line(values, label=label, height=120, high=max(most, 1) * 1.2, levels=(most,) if most else ())


def _features(used: queries.AccountUsage) -> str:
    rows = [
        charts.Bar(
            label=name,
            value=events,
            text=ngettext("%(events)s · %(people)s person", "%(events)s · %(people)s people", people)
            % {"events": reader.number(events), "people": reader.number(people)},
        )
        for name, events, people in used.features
    ]
    return charts.bars(rows, label=_("Most used in four weeks")) if rows else ""


def _require(request: Request) -> None:
    if not may(request.member, "set_up"):
        raise NotAllowed(_("Only administrators set up what the product reports."))
