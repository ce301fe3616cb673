"""The first scorecard. Curves are (value, points), straight lines between corners; weights add up to 100."""

NAME = "Health"

# How probable such a silence is for the account itself: once in ten gaps is a question, once in fifty a fire.
_RHYTHM = [(0.0, 0), (0.02, 10), (0.1, 35), (0.3, 60), (0.5, 80), (0.8, 100)]

FACTORS = [
    {"measure": "contracts.rhythm", "weight": 35, "curve": _RHYTHM},
    {"measure": "contracts.trend", "weight": 20, "curve": [(-0.6, 0), (-0.3, 30), (-0.1, 65), (0.0, 80), (0.2, 100)]},
    {"measure": "contracts.overdue", "weight": 15, "curve": [(0.0, 100), (0.25, 75), (1.0, 40), (3.0, 0)]},
    {"measure": "timeline.rhythm", "weight": 10, "curve": _RHYTHM},
    {"measure": "contracts.breadth", "weight": 10, "curve": [(1.0, 20), (3.0, 60), (8.0, 90), (15.0, 100)]},
    {"measure": "contracts.returns", "weight": 5, "curve": [(0.0, 100), (0.02, 90), (0.1, 50), (0.3, 0)]},
    {"measure": "accounts.contacts_coverage", "weight": 5, "curve": [(0.0, 0), (0.5, 50), (1.0, 100)]},
]
