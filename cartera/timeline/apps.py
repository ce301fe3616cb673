from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, Feature, MenuItem


class Timeline(Feature):
    name = "cartera.timeline"
    verbose_name = _("Timeline")
    verbs = "verbs.VERBS"
    menu = (
        MenuItem(
            label=_("Rhythm of contact"),
            url_name="timeline:rhythm",
            icon="metronome",
            group=SETTINGS,
            order=40,
            visible=lambda member: member.is_administrator,
        ),
    )
    stylesheet = "timeline/timeline.css"
    scripts = ("timeline/timeline.js",)
    account_panels = "panels.PANELS"
    adds = "panels.ADDS"
    candidates = "candidates.CANDIDATES"
    feed = "feed.KINDS"
    imports = "imports.KINDS"
    facts = "facts.FACTS"
    measures = "measures.MEASURES"
    undo = "undoing.UNDO"
    demo = "demo.BUILDERS"

    def ready(self) -> None:
        from cartera.kit.history import recorded
        from cartera.timeline import events, touches

        recorded.connect(events.write, dispatch_uid="timeline.events")
        recorded.connect(touches.follow_tiers, dispatch_uid="timeline.follow_tiers")
