"""What Cartera proposes as a scorecard. Curves are (value, points), straight lines between corners.

Weights are judgement: what orders say counts most; the share of each is what matters, they need not add up to 100.
On a wholesaler's real ledger the clients' order by this card tells who will buy nothing for 90 days far better than
with the rhythm alone in the place of `contracts.returning` (AUC 0.74 against 0.59): a silence can be strange for a
client who will be back, and usual for one who will not.
`effort` is how many minutes it usually takes one of us to move what can be moved. A measure that no installed app
offers is left out (see `queries.proposal`). Product usage is not proposed: its weight would count as unknown at every
company that sells no software.
"""

from typing import Any

NAME = "Health"

# How probable such a silence is for the account itself: once in ten gaps is a question, once in fifty a fire.
_RHYTHM = [(0.0, 0), (0.02, 10), (0.1, 35), (0.3, 60), (0.5, 80), (0.8, 100)]
_LATE = [(0.0, 0), (0.02, 15), (0.1, 45), (0.3, 80), (0.5, 100)]


def _factor(measure: str, weight: int, curve: list[tuple[float, int]], effort: int | None = None) -> dict[str, Any]:
    return {"measure": measure, "weight": weight, "curve": curve, "actionable": effort is not None, "effort": effort}


FACTORS = [
    _factor("contracts.returning", 30, [(0.0, 0), (0.5, 50), (0.9, 100)], effort=90),
    _factor("contracts.rhythm", 15, _RHYTHM, effort=90),
    _factor("contracts.trend", 20, [(-0.6, 0), (-0.3, 30), (-0.1, 65), (0.0, 80), (0.2, 100)]),
    _factor("contracts.overdue", 15, [(0.0, 100), (0.25, 75), (1.0, 40), (3.0, 0)], effort=30),
    _factor("timeline.rhythm", 10, _RHYTHM, effort=20),
    _factor("contracts.breadth", 10, [(1.0, 20), (3.0, 60), (8.0, 90), (15.0, 100)], effort=120),
    _factor("contracts.returns", 5, [(0.0, 100), (0.02, 90), (0.1, 50), (0.3, 0)]),
    _factor("accounts.contacts_coverage", 5, [(0.0, 0), (0.5, 50), (1.0, 100)], effort=45),
    _factor("contracts.momentum", 8, [(-0.5, 0), (-0.25, 35), (-0.1, 65), (0.0, 80), (0.2, 100)]),
    _factor("contracts.lateness", 5, _LATE, effort=30),
    _factor("timeline.touches", 5, [(0.0, 0), (0.25, 20), (0.5, 50), (0.8, 85), (1.0, 100)], effort=20),
    _factor("timeline.people", 5, [(0.0, 0), (1.0, 30), (2.0, 75), (3.0, 100)], effort=60),
    _factor("timeline.contact_rhythm", 5, [(0.0, 0), (0.5, 45), (0.8, 85), (1.0, 100)], effort=30),
    _factor("accounts.steward_changes", 3, [(0.0, 100), (1.0, 80), (2.0, 40), (4.0, 0)]),
]
