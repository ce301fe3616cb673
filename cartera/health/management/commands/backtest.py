from typing import Any

from django.core.management.base import CommandParser
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cartera.health import operations
from cartera.health.evidence import RULES
from cartera.health.management.commands.score import day_of
from cartera.kit.clock import now, pretending
from cartera.kit.command import PreparedCommand

VERDICTS = {
    "too few": "Too few losses for a conclusion: at least 30 lost and 30 kept accounts are needed.",
    "no better than chance": "The score does not tell better than chance who is lost.",
    "worse than a rule": "A plain rule tells better who is lost.",
    "no better than a rule": "The score tells who is lost, but not surely better than a plain rule.",
    "better": "The score tells better than every plain rule who is lost.",
}


class Command(PreparedCommand):
    help = "Judge the health score and the risk model by what happened on past days that are over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="look back from this day (YYYY-MM-DD); today if not given")
        parser.add_argument("--cuts", type=int, default=12, help="how many past days, 30 days apart, are judged")
        parser.add_argument("--horizon", type=int, default=90, metavar="DAYS", help="lost within so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        day = day_of(options["as_of"])
        with pretending(day), Progress(transient=True) as progress:
            test = operations.begin_backtest(
                as_of=day, cuts=options["cuts"], window=options["horizon"], by=None, at=now()
            )
            bar = progress.add_task("cuts", total=test.of)
            found = operations.backtest(test, say=lambda done, of: progress.update(bar, completed=done, total=of))
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        console.print(table("Health score", found["score"]))
        if found["risk"]:
            console.print(table("Risk model", found["risk"]))
        for row in found["red"]:
            console.print(f"red {row['days']} days before the loss: {row['red']:,} of {row['known']:,}")
        console.print(
            f"{len(found['left'])} green that left, {len(found['stayed'])} red that stayed (at most 200 each)"
        )
        console.print(f"{test.seconds:.1f} seconds")


def table(name: str, judged: dict[str, Any]) -> Table:
    """A judgement as lines of figure, value and interval."""
    shown = Table(title=f"{name}: {VERDICTS[judged['verdict']]}", title_justify="left")
    for heading in ("", "value", "95 % interval"):
        shown.add_column(heading, justify="right" if heading else "left")
    counts = f"{judged['cases']:,} cases of {judged['accounts']:,} accounts"
    shown.add_row("judged", counts, f"{judged['lost']:,} lost", end_section=True)
    figures = {"AUC": judged["ranking"]["auc"], "lift in the top tenth": judged["ranking"]["lift"]}
    figures |= {"expected maximum profit": judged["ranking"]["profit"], "precision of red": judged["precision"]}
    figures |= {"recall of red": judged["recall"]}
    if chances := judged["chances"]:
        figures |= {"expected / observed losses": chances["expected"], "calibration error": chances["error"]}
        figures |= {"Brier": chances["brier"]}
    for label, figure in figures.items():
        shown.add_row(label, *_figure(figure))
    shown.add_section()
    for rule in RULES:
        if rule.key in judged["rules"]:
            shown.add_row(f"AUC of {rule.label}", *_figure(judged["rules"][rule.key]["auc"]))
    return shown


def _figure(figure: dict[str, float | None] | None) -> tuple[str, str]:
    if figure is None or figure["value"] is None:
        return "–", ""
    low, high = figure["low"], figure["high"]
    return f"{figure['value']:.3f}", "" if low is None else f"{low:.3f} – {high:.3f}"
