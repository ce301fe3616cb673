"""What people say of an account's health, in the head of its page."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cartera.accounts.models import Account
from cartera.health import queries
from cartera.health.operations.opinions import may_override
from cartera.health.opinion_forms import OverrideForm, PulseForm
from cartera.kit.requests import Request


def opinions(request: Request, account: Account) -> SafeString:
    """The latest pulse and what is set by hand, with the ways to give both; one query each, none for what is not."""
    context = {
        "account": account, "may_override": may_override(request.member, account), "back": "account",
        "pulse": queries.latest_pulse(account.pk) if account.pulse else None,
        "by_hand": queries.override_in_force(account.pk) if account.overriding is not None else None,
        "pulse_form": PulseForm(auto_id="pulse_%s"), "override_form": OverrideForm(auto_id="override_%s"),
    }  # fmt: skip
    return render_to_string("health/head.html", context, request)


HEADS = [opinions]
