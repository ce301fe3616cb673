from django.utils.translation import gettext_lazy as _

from cartera.kit.features import Feature


class Timeline(Feature):
    name = "cartera.timeline"
    verbose_name = _("Timeline")
    undo = "undoing.UNDO"
    demo = "demo.BUILDERS"

    def ready(self) -> None:
        from cartera.kit.history import recorded
        from cartera.timeline import events

        recorded.connect(events.write, dispatch_uid="timeline.events")
