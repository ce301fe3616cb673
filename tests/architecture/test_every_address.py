"""Every address, tried as a stranger and as each role: nobody sees what is not theirs, and nothing breaks.

The addresses are read from the resolver, so that a new page is tried from the day it exists. `SAMPLES` says, for each
name of an address' parameter, what it stands for; an address with an unknown parameter fails the test.
"""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cartera.kit.clock import now
from cartera.kit.models import Change

# Addresses open to the world, by name.
PUBLIC = (
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_inactive",
    "mfa_login_webauthn",
    "mfa_authenticate",
)
ROLES = ["ada", "vera", "diego", "ana", "luz", "nell", "sam"]


def addresses(patterns=None, spaces=()):
    """Yield each named address of the resolver with the names of its parameters."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join([*spaces, entry.name]), tuple(entry.pattern.regex.groupindex)
