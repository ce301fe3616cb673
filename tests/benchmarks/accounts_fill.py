"""A company with any number of accounts, made by the database itself, spread as a real book is."""

from typing import Any

FIRST = [
    "Bodegas", "Puente", "Casa", "Grupo", "Talleres", "Viajes", "Harbour", "Northern", "Silver", "Bright",
    "Almacenes", "Hotel", "Cementos", "Electra", "Green", "Aceites", "Molino", "Librería", "Textil", "Sierra",
    "Costa", "Meridian", "Atlas", "Delta", "Summit", "River", "Stone", "Oak", "Iron", "Blue", "Royal", "Grand",
]  # fmt: skip
SECOND = [
    "Norte", "Azul", "Levante", "Moderna", "Ibérica", "Foods", "Trading", "Logistics", "Garden", "Textiles",
    "Marina", "Central", "Alta", "Real", "Nueva", "Sur", "Partners", "Works", "Supply", "Studio", "Labs",
    "Market", "Press", "Tools", "Homes", "Energy", "Metals", "Papers", "Glass", "Toys", "Travel", "Wines",
    "Care",
]  # fmt: skip
COUNTRIES = [
    "Spain", "France", "Germany", "Portugal", "Italy", "Ireland", "Norway", "Poland", "Austria", "Denmark",
    "Belgium", "Greece", "Malta",
]  # fmt: skip
INDUSTRIES = [
    "Wine", "Retail", "Hotels", "Food", "Logistics", "Paper", "Energy", "Metals", "Textiles", "Software",
    "Health", "Toys",
]  # fmt: skip
FEW = 500
DAY = "2026-03-02"


def fill(accounts: int) -> dict[str, Any]:
    """Make *accounts*, two people in each, stewards, figures and what finds them; return who sees all and who 500."""
    from django.db import connection

    from cartera.team.models import Member

    everyone = Member.objects.create_member(email="boss@example.org", name="Vera Vidal", is_administrator=True)
    few = Member.objects.create_member(email="few@example.org", name="Ana Arias")
    leads = [Member.objects.create_member(email=f"m{k}@example.org", name=f"Manager {k}") for k in range(40)]
    postgres = connection.vendor == "postgresql"
    words = {
        "series": "generate_series(1, %s) AS s(i)" if postgres else _SERIES,
        "moment": "timestamptz '2026-03-01 18:00+00' - {0} * interval '1 second'" if postgres else _MOMENT,
        "json": "::jsonb" if postgres else "",
        "day": "date '2026-03-02' + ({0})::int" if postgres else "date('2026-03-02', ({0}) || ' days')",
    }
    with connection.cursor() as cursor:
        for table, entries in (("a", FIRST), ("b", SECOND), ("c", COUNTRIES), ("d", INDUSTRIES)):
            cursor.execute(f"CREATE TEMPORARY TABLE word_{table} (id integer PRIMARY KEY, word text)")
            cursor.executemany(f"INSERT INTO word_{table} VALUES (%s, %s)", list(enumerate(entries)))
        cursor.execute(_accounts(words, max(accounts // FEW, 1), few.pk, leads[0].pk, len(leads)), [accounts])
        for statement in _rest(words):
            cursor.execute(statement)
        if postgres:
            for table in ("account", "contact", "stewardship"):
                name = f"accounts_{table}"
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
        cursor.execute("ANALYZE")
    return {"sees all": everyone, "sees 500": few}


_SERIES = "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < %s) SELECT i FROM s) AS s"
_MOMENT = "datetime('2026-03-01 18:00:00', '-' || ({0}) || ' seconds')"


def _accounts(words: dict[str, str], each: int, few: int, first_lead: int, leads: int) -> str:
    """A fifth was never touched or scored; revenue falls as in a real book, a few large and many small."""
    draw = "((CAST(i AS bigint) * 7919 + i / 13) %% 1000003)"
    other = "((CAST(i AS bigint) * 104729 + i / 7) %% 999983)"
    pairs = f"i %% {len(FIRST)}", f"(i / {len(FIRST)}) %% {len(SECOND)}"
    return f"""
        INSERT INTO accounts_account (id, external_id, name, tier, stage, industry, country, language, time_zone,
            currency, tax_number, domain, tags, custom, opened_at, lead_id, health, health_change, health_line,
            coverage, silence_risk, revenue, overdue, last_touch_at, last_touch_ours, next_touch_on, last_order_on)
        SELECT i, 'K' || i, a.word || ' ' || b.word || ' ' || {draw}, substr('ABBCCCDDDD', 1 + i %% 10, 1),
            CASE i %% 20 WHEN 0 THEN 'at_risk' WHEN 1 THEN 'onboarding' WHEN 2 THEN 'lost' ELSE 'active' END,
            d.word, c.word, '', '', 'EUR', 'T' || {other}, 'www' || i || '.example', '[]', '{{}}',
            {words["moment"].format("i * 7")},
            CASE WHEN i %% {each} = 0 THEN {few} ELSE {first_lead} + i %% {leads} END,
            CASE WHEN i %% 5 > 0 THEN {draw} %% 1000 / 10.0 END, CASE WHEN i %% 5 > 0 THEN i %% 41 - 20 END,
            CASE WHEN i %% 5 > 0 THEN '[50, 52, 49, 61, 60, 58, 57, 59, 61, 64, 66, 63]' ELSE '[]' END{words["json"]},
            CASE WHEN i %% 5 > 0 THEN 0.8 END, CASE WHEN i %% 5 > 0 THEN {other} %% 10000 / 10000.0 END,
            CASE WHEN i %% 7 > 0 THEN round(CAST(20000000.0 / (1 + {draw} %% 40000) AS numeric), 2) END,
            CASE WHEN i %% 9 = 0 THEN round(CAST({other} / 7.0 AS numeric), 2) END,
            CASE WHEN i %% 5 > 1 THEN {words["moment"].format(other + " * 31")} END,
            CASE WHEN i %% 5 > 1 THEN {"i %% 2 = 0"} END, {words["day"].format("i %% 120 - 30")},
            {words["day"].format("0 - i %% 400")}
        FROM {words["series"]} JOIN word_a a ON a.id = {pairs[0]} JOIN word_b b ON b.id = {pairs[1]}
            JOIN word_c c ON c.id = i %% {len(COUNTRIES)} JOIN word_d d ON d.id = (i / 3) %% {len(INDUSTRIES)}
        ORDER BY i"""


def _rest(words: dict[str, str]) -> list[str]:
    return [
        "INSERT INTO accounts_stewardship (account_id, member_id, role, since, why)"
        " SELECT id, lead_id, 'lead', '2025-01-01', '' FROM accounts_account",
        "INSERT INTO accounts_contact (account_id, name, email, phone, position, role, language, recorded_at)"
        " SELECT t.id, b.word || ' ' || a.word || ' ' || t.id, 'p' || t.id || '.' || n.id || '@' || t.domain, '',"
        " 'Buyer', '', '', t.opened_at FROM accounts_account t JOIN word_a n ON n.id < 2"
        f" JOIN word_a a ON a.id = (t.id + n.id) %% {len(FIRST)} JOIN word_b b ON b.id = t.id %% {len(SECOND)}".replace(
            "%%", "%"
        ),
        "INSERT INTO search_entry (kind, object_id, account_id, title, detail, head, folded)"
        " SELECT 'account', id, id, name, external_id || ' ' || domain, lower(name), ' ' || lower(name || ' ' ||"
        " external_id || ' ' || domain || ' ' || tax_number) FROM accounts_account",
        "INSERT INTO search_entry (kind, object_id, account_id, title, detail, head, folded)"
        " SELECT 'contact', id, account_id, name, email, lower(name), ' ' || lower(name || ' ' || email || ' ' ||"
        " position) FROM accounts_contact",
    ]
