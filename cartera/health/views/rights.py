"""Who may look at scorecards: those who set Cartera up, who alone change them, and those who lead others."""

from cartera.kit.errors import NotAllowed
from cartera.kit.requests import Request
from cartera.team.queries import leads_others, may


def require_sight(request: Request) -> bool:
    """Raise NotAllowed for who may not even look; return whether they may change."""
    changes = may(request.member, "set_up")
    if not changes and not leads_others(request.member):
        raise NotAllowed
    return changes


def require_change(request: Request) -> None:
    if not may(request.member, "set_up"):
        raise NotAllowed
