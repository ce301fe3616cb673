"""How allauth signs our people in: nobody registers by themselves, people are invited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Ask by the member's own address: allauth keeps a table of addresses, and we have one address a member."""
        again = self.authenticate(context.request, email=getattr(user, "email", ""), password=password)
        return again is not None and again.pk == user.pk

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by the address alone: allauth adds the host and port, which whoever tries can choose."""
        return str(credentials.get("email", "")).lower()

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say nothing of coming and going; say everything else."""
        template = kwargs.get("message_template") or (args[0] if args else "") or ""
        if template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, *args, **kwargs)
