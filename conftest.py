"""What every test has: an installation of its own, a small known cast, and a database chosen by the environment."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as properties

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

# The same examples in every run, however slow the machine.
properties.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("steady")


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    translation.deactivate()  # what the test before spoke
    caches["process"].clear()


@pytest.fixture
def cast(db, settings):
    """A company that lives on 2 March 2026: Vera leads Diego and Dora; Diego leads Ana and Marc; Luz assists Ana."""
    from cartera.accounts.models import Account, Contact, Stewardship
    from cartera.team.models import Member, Post, Rung, Team

    settings.PRETEND_TODAY = "2026-03-02"
    management = Team.objects.create(name="Account management", kind=Team.Kind.ACCOUNT_MANAGEMENT)
    support = Team.objects.create(name="Support", kind=Team.Kind.SUPPORT)
    ladder = ["Associate account manager", "Account manager", "Senior account manager", "Account director"]
    rungs = [
        Rung.objects.create(
            name=name, level=level, salary_from=20_000 + 12_000 * level, salary_to=30_000 + 15_000 * level
        )
        for level, name in enumerate([*ladder, "VP of account management"], 1)
    ]
    people = SimpleNamespace(at=AT, management=management, support=support, rungs=rungs)
    for key, name, level, superior in [
        ("vera", "Vera Vidal", 5, None),
        ("diego", "Diego Duarte", 4, "vera"),
        ("dora", "Dora Dean", 4, "vera"),
        ("ana", "Ana Arias", 2, "diego"),
        ("marc", "Marc Mora", 3, "diego"),
        ("nell", "Nell North", 2, "dora"),
        ("luz", "Luz Leal", 1, "ana"),
    ]:
        member = Member.objects.create_member(email=f"{key}@example.org", name=name, team=management)
        setattr(people, key, member)
        Post.objects.create(
            member=member,
            rung=rungs[level - 1],
            since=date(2025, 1, 1),
            reports_to=getattr(people, superior or "", None),
        )
    people.sam = Member.objects.create_member(email="sam@example.org", name="Sam Soto", team=support)
    people.ada = Member.objects.create_member(email="ada@example.org", name="Ada Adler", is_administrator=True)
    for key, name, lead, tier in [
        ("norte", "Bodegas Norte", "ana", "A"),
        ("puente", "Puente Azul", "ana", "B"),
        ("molino", "El Molino", "marc", "B"),
        ("harbour", "Harbour Foods", "nell", "C"),
        ("solo", "Solo Trading", None, "D"),
    ]:
        member = getattr(people, lead) if lead else None
        account = Account.objects.create(
            name=name, tier=tier, lead=member, opened_at=AT, currency="EUR", external_id=key
        )
        setattr(people, key, account)
        if member:
            Stewardship.objects.create(account=account, member=member, since=date(2025, 1, 1))
    Stewardship.objects.create(account=people.norte, member=people.luz, role="associate", since=date(2025, 1, 1))
    people.bea = Contact.objects.create(
        account=people.norte, name="Bea Bosch", email="bea@norte.example", role="sponsor", recorded_at=AT
    )
    return people
