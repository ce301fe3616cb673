"""Every address, tried as a stranger and as each role: nobody sees what is not theirs, and nothing breaks.

The addresses are read from the resolver, so that a new page is tried from the day it exists. `SAMPLES` says what the
parameters of an address stand for, once for Bodegas Norte (Ana's) and once for Harbour Foods (Nell's, not Ana's); an
address with a parameter that is not there fails the test.
"""

from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cartera.accounts.models import Contact, CustomField, SavedView
from cartera.catalogue.models import Product
from cartera.contracts import operations as contracts
from cartera.health import operations as health
from cartera.health.models import Scorecard
from cartera.imports import operations as imports
from cartera.imports import queries as imports_queries
from cartera.kit.models import Change
from cartera.timeline import operations as timeline
from cartera.usage import operations as usage
from cartera.usage.models import Workspace
from cartera.usage.rules import CALLS

# Addresses open to the world: signing in, a forgotten password, the one-time links of the first run and invitations.
PUBLIC = {
    "account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    "account_confirm_email", "account_email_verification_sent", "account_signup", "team:found", "team:accept",
    "design:language",
    # Events of the product: no session opens these, only a write key does (test_events_need_a_write_key).
    *(f"usage:receive_{call}" for call in CALLS),
}  # fmt: skip
FINE = {200, 204, 302, 400, 403, 404, 405, 409, 410, 422}
HIDDEN = {403, 404, 405}


def addresses(patterns=None, spaces=(), keys=()):
    """Yield each named address of the resolver with the names of its parameters."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        of_entry = (*keys, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from addresses(
                entry.url_patterns, (*spaces, entry.namespace) if entry.namespace else spaces, of_entry
            )
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join([*spaces, entry.name]), of_entry


ADDRESSES = sorted(set(addresses()))
OF_AN_ACCOUNT = {"account_id", "contact_id", "invoice_id", "interaction_id"}
WITH_ACCOUNT = [(name, keys) for name, keys in ADDRESSES if OF_AN_ACCOUNT.intersection(keys)]


def body_of(response):
    """The whole body; reading a stream to its end closes its file."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def client_of(member):
    client = Client()
    if member:
        client.force_login(member)
    return client


@pytest.fixture
def samples(cast):
    """The value of each parameter of an address: for an account of Ana's, and for one that is not hers."""
    made = {}
    backtest = health.begin_backtest(as_of=cast.at.date(), cuts=3, window=90, by=cast.ada, at=cast.at)
    version = health.learn(as_of=cast.at.date(), period=90, base=Decimal("0.1"), by=cast.ada, at=cast.at)
    field = CustomField.objects.create(key="key", label="Own field")
    product = Product.objects.create(code="BEAN", name="Beans")
    file = BytesIO(b"name,tier\nNew client,B\n")
    run = imports.bring(imports_queries.kind_of("accounts"), file, name="clients.csv", by=cast.ada, at=cast.at)
    first = Scorecard.objects.get()
    cards = {"own": health.draft(first.family, copied_from=first, by=cast.ada, at=cast.at), "foreign": first}
    for name, account, member in (("own", cast.norte, cast.ana), ("foreign", cast.harbour, cast.nell)):
        contact = Contact.objects.create(account=account, name=f"Contact of {account.name}")
        interaction = timeline.log(
            account=account, kind="call", happened_at=cast.at, by=member, at=cast.at, subject=f"Call to {account.name}"
        )
        line = {"text": "Beans", "quantity": Decimal(2), "unit_price": Decimal("9.50")}
        invoice = contracts.issue(
            account=account, number=f"N-{name}", issued_at=cast.at, currency="EUR", lines=[line], by=member, at=cast.at
        )
        write_key, _key = usage.make_key(name=name, by=cast.ada, at=cast.at)
        workspace = Workspace.objects.create(
            kind="group", external_id=name, name=account.name, first_seen_at=cast.at, last_seen_at=cast.at
        )
        made[name] = {
            "write_key_id": write_key.pk,
            "workspace_id": workspace.pk,
            "account_id": account.pk,
            "contact_id": contact.pk,
            "interaction_id": interaction.pk,
            "invoice_id": invoice.pk,
            "member_id": member.pk,
            "pk": member.pk,
            "field_id": field.pk,
            "product_id": product.pk,
            "stewardship_id": account.stewardships.get(role="lead").pk,
            "view_id": SavedView.objects.create(name="Mine", owner=member).pk,
            "run_id": run.pk,
            "kind_key": "accounts",
            "card_id": cards[name].pk,
            "family_id": first.family_id,
            "measure": "contracts.trend",
            "place": 0,
            "token": "nobody-made-this",
            "key": "tier",
            "uidb36": "1",
            "test_id": backtest.pk,
            "version_id": version.pk,
            "change_id": Change.objects.order_by("-pk").values_list("pk", flat=True)[0],
        }
    return made


def place(name, parameters, values):
    return reverse(name, kwargs={key: values[key] for key in parameters})


def test_every_parameter_has_a_sample(samples):
    assert {key for _name, keys in ADDRESSES for key in keys} - set(samples["own"]) == set()


def test_a_stranger_is_sent_to_the_sign_in_page(samples):
    before, let_in = Change.objects.count(), []
    for name, parameters in ADDRESSES:
        if name in PUBLIC:
            continue
        for method in ("get", "post"):
            response = getattr(client_of(None), method)(place(name, parameters, samples["own"]))
            if not (response.status_code == 405 or (response.status_code == 302 and "login" in response.url)):
                let_in.append((name, method, response.status_code))
    assert let_in == []
    assert Change.objects.count() == before


@pytest.mark.parametrize("role", ["ada", "vera", "diego", "ana", "luz", "nell", "sam"])
@pytest.mark.parametrize("whose", ["own", "foreign"])
def test_no_page_breaks_for_any_role(cast, samples, role, whose):
    broken, client = [], client_of(getattr(cast, role))
    for name, parameters in ADDRESSES:
        if name == "account_logout":
            continue
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(place(name, parameters, samples[whose]), headers=headers)
            body_of(response)
            if response.status_code not in FINE:
                broken.append((name, response.status_code))
    assert broken == []


@pytest.mark.parametrize("role", ["ana", "luz", "sam"])
def test_what_belongs_to_another_book_is_not_there(cast, samples, role):
    shown, client, before = [], client_of(getattr(cast, role)), Change.objects.count()
    for name, parameters in WITH_ACCOUNT:
        for method in ("get", "post"):
            response = getattr(client, method)(place(name, parameters, samples["foreign"]))
            if response.status_code not in HIDDEN:
                shown.append((name, method, response.status_code))
    assert shown == []
    assert Change.objects.count() == before


@pytest.mark.parametrize(
    ("role", "secret"), [("ana", "Harbour Foods"), ("luz", "Puente Azul"), ("sam", "Bodegas Norte")]
)
def test_no_list_names_an_account_that_is_not_theirs(cast, samples, role, secret):
    client, told = client_of(getattr(cast, role)), []
    for name, parameters in ADDRESSES:
        if not parameters and name not in ("account_logout", "design:gallery"):  # the gallery's clients are made up
            for query in ("", "?q=" + secret.split()[0], "?filter=" + secret.split()[0]):
                response = client.get(place(name, (), {}) + query)
                if secret.encode() in body_of(response):
                    told.append((name, query))
    assert told == []


# What a score is made of may be looked at by those who lead others, too.
LOOKED_AT = {"health:scorecards", "health:scorecard", "health:version", "health:preview"}


@pytest.mark.parametrize("role", ["ana", "diego", "sam"])
def test_settings_are_for_administrators(cast, samples, role):
    open_to_all = [
        name
        for name, parameters in ADDRESSES
        if (address := place(name, parameters, samples["own"])).startswith(("/settings/", "/history/"))
        and client_of(getattr(cast, role)).get(address).status_code not in HIDDEN
    ]
    assert set(open_to_all) == (set() if role == "sam" else LOOKED_AT)


def test_events_need_a_write_key(cast):
    for who in (None, cast.ada):
        for call in CALLS:
            body = '{"batch": [], "userId": "u", "event": "e"}'
            answer = client_of(who).post(reverse(f"usage:receive_{call}"), body, content_type="application/json")
            assert answer.status_code == 401
