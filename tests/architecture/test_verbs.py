"""Every verb that the code can write into the history has its words."""

import ast
from pathlib import Path

from cartera.day.models import Dismissal
from cartera.kit import features, verbs
from cartera.kit.features import offers

ROOT = Path(__file__).resolve().parents[2] / "cartera"
APPS = {feature.label for feature in features.features()}


def written() -> set[str]:
    """The verbs named in calls: record("app.verb", …), _set(…, verb="app.verb"), in all modules that are no tests."""
    found = set()
    for path in ROOT.glob("*/**/*.py"):
        if "tests" in path.parts:
            continue
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            named = [word.value for word in call.keywords if word.arg == "verb"]
            given = [*(call.args[:1] if name == "record" else []), *named]
            found |= {one.value for one in given if isinstance(one, ast.Constant) and "." in str(one.value)}
    return found


def composed() -> set[str]:
    """The verbs that are put together from parts."""
    things = {f"team.{verb}_{thing}" for verb in ("add", "edit", "remove") for thing in ("rung", "team")}
    return things | {f"day.{kind}" for kind in Dismissal.Kind.values} | {kind.verb for kind in offers("imports")}


def test_every_verb_has_words():
    assert written() >= {"accounts.hand_over", "team.hire"}, "the search finds nothing any more"
    assert (written() | composed()) - verbs.offered().keys() == set()


def test_no_words_are_offered_twice_or_for_another_app():
    keys = [verb.key for verb in offers("verbs")]
    assert len(keys) == len(set(keys))
    assert {key.partition(".")[0] for key in keys} <= APPS
