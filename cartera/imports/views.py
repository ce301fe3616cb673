"""The pages of an import: the list, a new one, its columns, its progress, its result."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from cartera.imports import jobs, operations, queries, shown
from cartera.imports.errors import Unreadable
from cartera.imports.forms import ColumnsForm, FileForm, ReadingForm
from cartera.imports.leftout import BOM
from cartera.imports.models import Run
from cartera.imports.reading import Format
from cartera.kit import clock
from cartera.kit.errors import NotAllowed, Refused
from cartera.kit.requests import Request


def _kinds(request: Request) -> list[Any]:
    if not (kinds := queries.kinds_for(request.member)):
        raise NotAllowed(_("You may not import files."))
    return kinds


def _run(request: Request, run_id: int) -> Run:
    if (found := queries.run_for(request.member, run_id)) is None:
        raise Http404
    return found


@require_GET
def runs(request: Request) -> HttpResponse:
    kinds = _kinds(request)
    found = queries.runs_of(request.member)[:100]
    return render(request, "imports/list.html", {"runs": [shown.of(run) for run in found], "kinds": kinds})


def new(request: Request) -> HttpResponse:
    kinds = _kinds(request)
    wanted = {"kind": request.GET.get("kind", "accounts")}
    form = FileForm(request.POST or None, request.FILES or None, kinds=kinds, initial=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("imports:run", _brought(request, form).pk)
        except Unreadable as error:
            form.add_error("file", str(error))
    status = 422 if form.errors else 200
    return render(request, "imports/new.html", {"form": form, "kinds": kinds}, status=status)


def _brought(request: Request, form: FileForm) -> Run:
    file = form.cleaned_data["file"]
    said = {
        "as_of": clock.today().isoformat(),
        "currency": settings.CURRENCY,
        "zone": request.member.time_zone,
    }
    kind = queries.kind_of(form.cleaned_data["kind"])
    return operations.bring(kind, file, name=file.name, by=request.member, at=clock.now(), options=said)


@require_GET
def template(request: Request, kind_key: str) -> HttpResponse:
    """An empty file with the headings of a kind."""
    kind = next((kind for kind in _kinds(request) if kind.key == kind_key), None)
    if kind is None:
        raise Http404
    line = ",".join(str(column.label) for column in kind.columns())
    name = f"{slugify(str(kind.label)) or kind.key}.csv"
    answer = HttpResponse(BOM + f"{line}\r\n".encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
def run(request: Request, run_id: int) -> HttpResponse:
    found = _run(request, run_id)
    if found.state == Run.State.NEW:
        return _columns_page(request, found)
    return render(request, "imports/run.html", shown.page_of(found))


def _columns_page(request: Request, found: Run, form: ColumnsForm | None = None, status: int = 200) -> HttpResponse:
    kind = queries.kind_of(found.kind)
    order = next(iter(found.options.get("ways", {}).values()), "")
    form = form or ColumnsForm(run=found, kind=kind, initial={**found.options, "dates": order})
    context = {
        "run": found,
        "kind": kind,
        "form": form,
        "rows": shown.columns_of(found, form),
        "others": [form[name] for name in ("dates", "zone", "currency") if name in form.fields],
        "reading": ReadingForm(run=found, initial=found.format),
        "missing": queries.missing_columns(kind, set(found.mapping.values())),
        "twin": queries.twin_of(found),
    }
    return render(request, "imports/columns.html", context, status=status)


@require_POST
def columns(request: Request, run_id: int) -> HttpResponse:
    """Keep what the columns are, and check the file."""
    found = _run(request, run_id)
    _refuse_moving(found)
    form = ColumnsForm(request.POST, run=found, kind=queries.kind_of(found.kind))
    if not form.is_valid():
        return _columns_page(request, found, form, status=422)
    operations.choose(found, form.mapping(), options=form.options())
    return _enqueued(found, dry=True)


@require_POST
def reading(request: Request, run_id: int) -> HttpResponse:
    """Read the file in another way than it was recognised."""
    found = _run(request, run_id)
    _refuse_moving(found)
    form = ReadingForm(request.POST, run=found)
    if form.is_valid():
        try:
            operations.read_differently(found, Format(**form.cleaned_data))
        except Unreadable as error:
            messages.error(request, str(error))
    return redirect("imports:run", found.pk)


@require_POST
def start(request: Request, run_id: int) -> HttpResponse:
    """Bring the file in, or go on where it stopped; or look at its columns again."""
    found = _run(request, run_id)
    _refuse_moving(found)
    if "columns" in request.POST:
        operations.reconsider(found)
        return redirect("imports:run", found.pk)
    if found.state not in (Run.State.CHECKED, Run.State.STOPPED, Run.State.FAILED, Run.State.RUNNING):
        raise Refused(_("This import is not in a state in which it can be started."))
    return _enqueued(found, dry=False)


def _enqueued(found: Run, *, dry: bool) -> HttpResponse:
    operations.await_worker(found, dry=dry)
    jobs.carry_out.enqueue(found.pk, dry, get_language())
    return redirect("imports:run", found.pk)


def _refuse_moving(found: Run) -> None:
    if found.is_moving and not queries.is_interrupted(found):
        raise Refused(_("This import is at work just now."))


@require_POST
def stop(request: Request, run_id: int) -> HttpResponse:
    operations.ask_to_stop(_run(request, run_id))
    return redirect("imports:run", run_id)


@require_POST
def undo(request: Request, run_id: int) -> HttpResponse:
    found = _run(request, run_id)
    _refuse_moving(found)
    operations.await_undoing(found)
    jobs.undo.enqueue(found.pk, request.member.pk)
    return redirect("imports:run", run_id)


@require_GET
def progress(request: Request, run_id: int) -> HttpResponse:
    """The bar alone; once the work is over, the page comes anew."""
    found = _run(request, run_id)
    if not found.is_moving or queries.is_interrupted(found):
        return HttpResponseClientRefresh()
    return render(request, "imports/run.html#bar", shown.page_of(found))


@require_GET
def left_out(request: Request, run_id: int) -> HttpResponseBase:
    """The file of rows that were left out, or would be."""
    found = _run(request, run_id)
    dry = found.state in (Run.State.CHECKED, Run.State.CHECKING)
    path = found.left_out_file(dry=dry)
    if not path.exists():
        raise Http404
    name = _("left out of %(file)s") % {"file": found.file_name.rsplit(".", 1)[0]} + ".csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
