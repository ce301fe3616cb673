"""Members from a file: who works here, on which rung, and whom they report to."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from cartera.imports.offers import Column, ImportContext, ImportKind, Problem, Result, Row
from cartera.kit import bulk
from cartera.search.operations import index_many
from cartera.team.models import Member, Post, Rung, Team
from cartera.team.queries import may

COLUMNS = (
    Column(
        key="email",
        label=_("mail address"),
        headings=("email", "e-mail", "mail", "work email", "correo", "correo electrónico", "dirección de correo"),
        kind="mail",
        required=True,
    ),
    Column(
        key="name",
        label=_("name"),
        headings=("full name", "member", "employee", "nombre", "nombre completo", "nombre y apellidos", "empleado"),
        required=True,
        max_length=120,
    ),
    Column(key="team", label=_("team"), headings=("department", "equipo", "departamento"), max_length=80),
    Column(
        key="rung",
        label=_("rung"),
        headings=("level", "grade", "job level", "peldaño", "categoría", "escalón", "nivel"),
        max_length=80,
    ),
    Column(key="title", label=_("title"), headings=("job title", "position", "puesto", "cargo"), max_length=120),
    Column(
        key="reports_to",
        label=_("reports to (mail address)"),
        headings=("reports to", "manager", "manager email", "superior", "boss", "reporta a", "responsable", "jefe",
                  "jefa", "correo responsable"),
        kind="mail",
    ),
    Column(
        key="since",
        label=_("since"),
        headings=("start", "start date", "joined", "joined on", "hired", "desde", "fecha de alta", "alta",
                  "incorporación"),
        kind="date",
    ),
    Column(
        key="language",
        label=_("language"),
        headings=("idioma",),
        kind="choice",
        choices={"en": ("English", "inglés"), "es": ("Spanish", "español", "castellano")},
    ),
    Column(key="time_zone", label=_("time zone"), headings=("timezone", "zona horaria"), max_length=60),
    Column(key="country", label=_("country (two letters)"), headings=("country", "país"), max_length=2),
)  # fmt: skip
OWN = ("name", "language", "time_zone", "country")


def load(rows: list[Row], context: ImportContext) -> Result:
    """Make the members that are new (they sign in once they are invited), and edit and move those who are there.

    Whoever they report to may stand anywhere in the file: lines are tied when all are in.
    """
    result = Result()
    there = {member.email: member for member in Member.objects.filter(email__in=[row.values["email"] for row in rows])}
    rungs = {name.casefold(): pk for name, pk in Rung.objects.values_list("name", "pk")}
    rungs |= {str(level): pk for level, pk in Rung.objects.values_list("level", "pk")}
    teams = {name.casefold(): pk for name, pk in Team.objects.values_list("name", "pk")}
    above = {row.values.get("reports_to") for row in rows} - {None}
    known = set(Member.objects.filter(email__in=above).values_list("email", flat=True))
    good = [row for row in rows if _is_sound(row, rungs, teams, known, context, result)]
    new = [row.values for row in good if row.values["email"] not in there]
    old = [(there[row.values["email"]], row.values) for row in good if row.values["email"] in there]
    ids = _hire(new, teams, context)
    moved = _move(old, rungs, context, result)
    edited = _edit(old, teams, result)
    posts = _first_posts(ids, new, rungs, context)
    result.created, result.changed = len(new), len(moved | edited)
    result.same = len(old) - result.changed
    result.made = [("team.member", ids), ("team.post", posts), *result.made]
    people = {values["email"]: pk for values, pk in zip(new, ids, strict=True)}
    people |= {member.email: member.pk for member, _values in old}
    lines = [(people[row.values["email"]], row.values.get("reports_to")) for row in good]
    result.memo = {"lines": [line for line in lines if line[1]]}
    return result


def _is_sound(
    row: Row, rungs: dict[str, int], teams: dict[str, int], known: set[str], context: ImportContext, result: Result
) -> bool:
    values = row.values
    checks = (
        ("rung", (values.get("rung") or "").casefold(), rungs, _("“%(text)s” is no rung of the ladder")),
        ("team", (values.get("team") or "").casefold(), teams, _("“%(text)s” is no team")),
    )
    problems = [
        Problem(row.number, key, message % {"text": values[key]})
        for key, name, names, message in checks
        if name and name not in names
    ]
    above = values.get("reports_to")
    if above and above == values["email"]:
        problems.append(Problem(row.number, "reports_to", _("is the member themselves")))
    elif above and above not in known and context.line_of(above) is None:
        message = _("“%(text)s” is nobody of ours, here or in the file") % {"text": above}
        problems.append(Problem(row.number, "reports_to", message))
    result.problems += problems
    return not problems


def _hire(new: list[dict[str, Any]], teams: dict[str, int], context: ImportContext) -> list[int]:
    ids = bulk.reserve(Member, len(new))
    names = ("id", "email", "password", *OWN, "team_id", "joined_on")
    rows = [
        (
            pk,
            values["email"],
            make_password(None),
            values["name"],
            values.get("language") or "",
            values.get("time_zone") or "UTC",
            (values.get("country") or "").upper(),
            teams.get((values.get("team") or "").casefold()),
            values.get("since") or context.as_of,
        )
        for pk, values in zip(ids, new, strict=True)
    ]
    bulk.insert(Member, names, rows)
    index_many(Member, ids)
    return ids


def _first_posts(ids: list[int], new: list[dict[str, Any]], rungs: dict[str, int], context: ImportContext) -> list[int]:
    rows = []
    for pk, values in zip(ids, new, strict=True):
        rung, title = rungs.get((values.get("rung") or "").casefold()), values.get("title") or ""
        if rung or title or values.get("reports_to"):
            rows.append((pk, rung, title, values.get("since") or context.as_of))
    posts = bulk.reserve(Post, len(rows))
    names = ("id", "member_id", "rung_id", "title", "since")
    bulk.insert(Post, names, [(pk, *row) for pk, row in zip(posts, rows, strict=True)])
    return posts


def _move(
    old: list[tuple[Member, dict[str, Any]]], rungs: dict[str, int], context: ImportContext, result: Result
) -> set[int]:
    """Whoever stands on another rung than the file says gets a new post, as of the import's day."""
    present = {post.member_id: post for post in Post.objects.filter(member__in=[m for m, _v in old], until=None)}
    moved = set()
    for member, values in old:
        rung = rungs.get((values.get("rung") or "").casefold())
        post = present.get(member.pk)
        if rung is None or (post and post.rung_id == rung):
            continue
        day = max(context.as_of, post.since) if post else values.get("since") or context.as_of
        if post:
            result.edited.append(("team.post", post.pk, {"until": None}, {"until": day}))
            Post.objects.filter(pk=post.pk).update(until=day)
        title = values.get("title") or (post.title if post else "")
        above = post.reports_to_id if post else None
        fresh = Post.objects.create(member=member, rung_id=rung, title=title, reports_to_id=above, since=day)
        result.made.append(("team.post", [fresh.pk]))
        moved.add(member.pk)
    return moved


def _edit(old: list[tuple[Member, dict[str, Any]]], teams: dict[str, int], result: Result) -> set[int]:
    changed = []
    for member, values in old:
        after = {name: values[name] for name in OWN if values.get(name)}
        if "country" in after:
            after["country"] = after["country"].upper()
        if values.get("team"):
            after["team_id"] = teams[values["team"].casefold()]
        differing = {name: value for name, value in after.items() if getattr(member, name) != value}
        if not differing:
            continue
        before = {name: getattr(member, name) for name in differing}
        result.edited.append(("team.member", member.pk, before, differing))
        for name, value in differing.items():
            setattr(member, name, value)
        changed.append(member)
    Member.objects.bulk_update(changed, [*OWN, "team"], batch_size=250)
    return {member.pk for member in changed}


def finish(context: ImportContext) -> Result:
    """Tie the reporting lines. A line that would close a circle stays as it was."""
    result = Result()
    lines = [line for memo in context.memos() for line in memo.get("lines", ())]
    heads = dict(Member.objects.filter(email__in={mail for _pk, mail in lines}).values_list("email", "pk"))
    posts = {post.member_id: post for post in Post.objects.filter(until=None)}
    for pk, mail in lines:
        post, head = posts.get(pk), heads.get(mail)
        if post is None or head is None or post.reports_to_id == head or _circles(pk, head, posts):
            continue
        result.edited.append(("team.post", post.pk, {"reports_to_id": post.reports_to_id}, {"reports_to_id": head}))
        post.reports_to_id = head
    changed = [post for post in posts.values() if any(edit[1] == post.pk for edit in result.edited)]
    Post.objects.bulk_update(changed, ["reports_to"], batch_size=250)
    return result


def _circles(member: int, head: int, posts: dict[int, Post]) -> bool:
    """Whether *member* stands above *head* already."""
    seen: set[int] = set()
    while head not in seen:
        if head == member:
            return True
        seen.add(head)
        post = posts.get(head)
        if post is None or post.reports_to_id is None:
            return False
        head = post.reports_to_id
    return False


KINDS = (
    ImportKind(
        key="members",
        label=_("Members"),
        hint=_("Your own people: name, mail address, rung and whom they report to."),
        icon="id-card",
        columns=lambda: COLUMNS,
        key_columns=("email",),
        key_of=lambda values: values.get("email"),
        load=load,
        finish=finish,
        may=lambda member: may(member, "administer"),
        verb="team.import",
        watched={
            "team.member": ("name", "email", "team_id", "is_active", "password"),
            "team.post": ("until", "rung_id"),
        },
        order=10,
    ),
)
