"""How the verbs of health read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.health.models import RiskSwitch
from cartera.kit.verbs import Verb

OF_FACTORS = {"factors": None}  # a draft's page compares them

VERBS = (
    Verb(key="health.draft", label=_("Scorecard drafted"), words={"copied_from": _("starts from"), **OF_FACTORS}),
    Verb(key="health.edit_draft", label=_("Scorecard's draft changed"), words=OF_FACTORS),
    Verb(key="health.rename", label=_("Scorecard renamed")),
    Verb(
        key="health.throw_away",
        label=_("Scorecard's draft thrown away"),
        words={"family": None, "copied_from": None, **OF_FACTORS},
    ),
    Verb(key="health.switch_on", label=_("Scorecard switched on"), words={"from": _("in force since")}),
    Verb(key="health.call_off", label=_("Switch of scorecards called off"), words={"from": _("in force since")}),
    Verb(key="health.assign", label=_("Scorecards given to segments"), words={"lines": None}),
    Verb(key="health.score", label=_("Every account scored"), words={"changed": _("scores that changed")}),
    Verb(key="health.pulse", label=_("Pulse given")),
    Verb(key="health.override", label=_("Health set by hand")),
    Verb(key="health.end_override", label=_("Health set by hand ended early")),
    Verb(key="health.backtest", label=_("Backtest done"), words={"verdict": None}),
    Verb(key="health.learn_risk", label=_("Risk model learned"), words={"losses": _("losses learned from")}),
    Verb(
        key="health.switch_risk",
        label=_("Risk model switched"),
        models=(RiskSwitch,),
        words={"model": _("version")},
    ),
    Verb(key="health.set_terms", label=_("Terms of acting set")),
)
