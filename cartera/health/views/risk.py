"""The risk model: its versions, what the data changed in them, and the risk of one account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from cartera.accounts.queries import get_visible
from cartera.health import foretold, operations
from cartera.health.forms import LearnForm, SwitchForm, TermsForm
from cartera.health.jobs import learn_risk
from cartera.health.models import RiskModel
from cartera.health.queries import offered
from cartera.health.queries.risks import model_in_force, risk_of, terms
from cartera.kit import undo
from cartera.kit.clock import now, today
from cartera.kit.errors import NotAllowed
from cartera.team.queries import may

OLDER = 12  # versions listed


def page(request: HttpRequest, version_id: int | None = None) -> HttpResponse:
    """A version of the model, the newest unless another is asked for, and what was learned in it."""
    _require_administrator(request)
    versions = RiskModel.objects.select_related("scorecard__family", "made_by")
    version = get_object_or_404(versions, pk=version_id) if version_id else versions.first()
    last = versions.first()
    begun = {"period": last.period, "base": f"{last.base * 100:.1f}"} if last else None
    return render(
        request,
        "health/risk.html",
        {
            "version": version,
            "learned": foretold.learned(version) if version else None,
            "in_force": model_in_force(now()),
            "versions": versions[:OLDER],
            "learn_form": LearnForm(initial=begun),
            "switch_form": SwitchForm(),
            "terms_form": TermsForm(instance=terms()),
            "worth": foretold.worth_example(terms()),
            "awaited": "than" in request.GET,
        },
    )


@require_GET
def newer(request: HttpRequest) -> HttpResponse:
    """Whether a version came after number `than`: nothing until then, and then its page anew."""
    _require_administrator(request)
    than = request.GET.get("than", "")
    last = RiskModel.objects.first()
    if str(last.pk if last else 0) == than:
        return HttpResponse(status=204)
    return HttpResponseClientRedirect(reverse("health:risk"))


@require_POST
def learn(request: HttpRequest) -> HttpResponse:
    """Have a version learned by the worker."""
    _require_administrator(request)
    form = LearnForm(request.POST)
    if not form.is_valid():
        return render(request, "health/risk_form.html", {"form": form}, status=422)
    data = form.cleaned_data
    admitted = [key for key in request.POST.getlist("admit") if key in offered()]
    last = RiskModel.objects.first()
    learn_risk.enqueue(today().isoformat(), data["period"], str(data["base"]), admitted, _pk(request))
    messages.success(request, _("Learning has begun; the new version appears here in a moment."))
    return redirect(f"{reverse('health:risk')}?than={last.pk if last else 0}")


@require_POST
def switch(request: HttpRequest, version_id: int | None = None) -> HttpResponse:
    """Say risk by a version from now on; without one, by the rhythm of orders alone."""
    _require_administrator(request)
    version = get_object_or_404(RiskModel, pk=version_id) if version_id else None
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return render(request, "health/risk_form.html", {"form": form}, status=422)
    member = request.member  # type: ignore[attr-defined]
    if change := operations.switch_risk(version, why=form.cleaned_data["why"], by=member, at=now()):
        undo.offer(request, change, _("Switched; every account gets its risk with the next scoring."))
    return redirect("health:risk")


@require_POST
def set_terms(request: HttpRequest) -> HttpResponse:
    """State what acting costs and what it saves."""
    _require_administrator(request)
    form = TermsForm(request.POST)
    if not form.is_valid():
        return render(request, "health/risk_form.html", {"form": form}, status=422)
    operations.set_terms(**form.cleaned_data, by=request.member, at=now())  # type: ignore[attr-defined]
    messages.success(request, _("Saved."))
    return redirect("health:risk")


def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """How likely the account is to be lost, and why; and what it is worth to act."""
    found = get_visible(request.member, account_id)  # type: ignore[attr-defined]
    risk = risk_of(found.pk)
    shown = foretold.explained(risk, found) if risk else None
    return render(request, "health/account_risk.html", {"account": found, "risk": risk, "shown": shown})


def _pk(request: HttpRequest) -> int:
    return request.member.pk  # type: ignore[attr-defined]


def _require_administrator(request: HttpRequest) -> None:
    if not may(request.member, "set_up"):  # type: ignore[attr-defined]
        raise NotAllowed
