"""What each kind makes of its rows: new, changed, the same, refused, and taken back."""

from datetime import date

import pytest

from cartera.accounts.models import Account, Contact, CustomField, Stewardship
from cartera.imports import undoing
from cartera.kit import clock
from cartera.search import operations as search
from cartera.search.models import Entry
from cartera.team.models import Member, Post
from cartera.timeline.models import Event, Interaction


def counts(run):
    return run.created, run.changed, run.same, run.rejected


def problems(left_out, run):
    return [row[-1] for row in left_out(run)]


ACCOUNTS = """Código;Razón social;Grupo;Nivel;Etapa;CIF;Web;Gestor;Cliente desde;Contacto;Correo;Zona de reparto
X1;Viña Alta;X2;oro;En riesgo;B1;https://www.Vina.example/es;ana@example.org;15/01/2020;Eva Ero;eva@vina.example;Norte
X2;Grupo Viña;;B;;;;;;;;
norte;Bodegas del Norte;;;;;;marc@example.org;;;;
X4;Sin gestor;;;;;;nadie@example.org;;;;
X5;Huérfana;nada;;;;;;;;;
"""


@pytest.fixture
def zone(cast):
    return CustomField.objects.create(key="zona-de-reparto", label="Zona de reparto")


def test_accounts_with_their_group_lead_contact_and_own_fields(bring, left_out, cast, zone):
    run = bring(ACCOUNTS, "accounts")
    assert counts(run) == (2, 1, 0, 2)
    assert problems(left_out, run) == [
        "line 5 – Gestor: “nadie@example.org” is nobody of ours",
        "line 6 – Grupo: “nada” is no account, here or in the file",
    ]
    account = Account.objects.get(external_id="X1")
    assert (account.tier, account.stage, account.domain, account.lead) == ("A", "at_risk", "vina.example", cast.ana)
    assert account.parent.name == "Grupo Viña"
    assert account.opened_at.date() == date(2020, 1, 15)
    assert account.custom == {"zona-de-reparto": "Norte"}
    assert Contact.objects.get(account=account).email == "eva@vina.example"
    assert account in Account.objects.visible_to(cast.ana)


def test_a_new_lead_in_a_file_ends_the_old_ones_time(bring, cast, zone):
    bring(ACCOUNTS, "accounts")
    spans = Stewardship.objects.filter(account=cast.norte, role="lead").order_by("since")
    assert [(span.member.name, span.until) for span in spans] == [("Ana Arias", date(2026, 3, 2)), ("Marc Mora", None)]


def test_accounts_twice_change_nothing_and_are_taken_back_whole(bring, cast, zone):
    before = list(Account.objects.order_by("pk").values())
    leads = list(Stewardship.objects.order_by("pk").values())
    run = bring(ACCOUNTS, "accounts")
    assert counts(bring(ACCOUNTS, "accounts")) == (0, 0, 3, 2)
    run = undoing.undo(run, by=cast.ada, at=clock.now())
    assert run.kept_back == []
    assert list(Account.objects.order_by("pk").values()) == before
    assert list(Stewardship.objects.order_by("pk").values()) == leads


def test_what_was_imported_is_found_and_what_was_taken_back_is_not(bring, cast, zone):
    search.reindex()
    entries = {"kind", "object_id", "account_id", "title", "detail", "head", "folded"}
    before = list(Entry.objects.order_by("kind", "object_id").values(*entries))
    run = bring(ACCOUNTS, "accounts")
    kept = list(Entry.objects.order_by("kind", "object_id").values(*entries))
    search.reindex()
    assert kept == list(Entry.objects.order_by("kind", "object_id").values(*entries))
    undoing.undo(run, by=None, at=clock.now())
    assert list(Entry.objects.order_by("kind", "object_id").values(*entries)) == before


def test_every_account_tells_once_that_it_came_from_a_file(bring, cast, zone):
    bring(ACCOUNTS, "accounts")
    assert sorted(Event.objects.filter(kind="accounts.import").values_list("account__name", flat=True)) == [
        "Bodegas del Norte",
        "Grupo Viña",
        "Viña Alta",
    ]


def test_a_leader_changes_no_account_of_a_book_they_do_not_see(bring, left_out, cast):
    run = bring("id,name,tier\nharbour,Harbour Foods,A\nmolino,El Molino,A\nnew,Fresh,B\n", "accounts", by=cast.diego)
    assert counts(run) == (1, 1, 0, 1)
    assert problems(left_out, run) == ["line 2 – means an account of a book that you do not see"]
    assert Account.objects.get(external_id="new").lead == cast.diego


def test_a_name_that_fits_several_accounts_is_refused(bring, left_out, cast):
    Account.objects.create(name="El Molino", opened_at=cast.at)
    run = bring("name,tier\nEl Molino,A\n", "accounts")
    assert problems(left_out, run) == ["line 2 – name: fits several accounts; give the external id"]


def test_contacts(bring, left_out, cast):
    text = (
        "Empresa,Nombre,Correo,Cargo,Rol,Influencia,Consentimiento\n"
        "norte,Bea Bosch,bea@norte.example,Directora,patrocinadora,5,sí\n"
        "Puente Azul,Leo Luna,leo@puente.example,Compras,usuario,2,no\n"
        "Nowhere,Max,,,,,\nPuente Azul,Mia,,,,9,\n"
    )
    run = bring(text, "contacts")
    assert counts(run) == (1, 1, 0, 2)
    assert problems(left_out, run) == [
        "line 4 – Empresa: “Nowhere” is no account that you see",
        "line 5 – Influencia: “9” is not between 1 and 5",
    ]
    cast.bea.refresh_from_db()
    assert (cast.bea.position, cast.bea.power, cast.bea.consent) == ("Directora", 5, True)
    assert counts(bring(text, "contacts")) == (0, 0, 2, 2)
    undoing.undo(run, by=None, at=clock.now())
    cast.bea.refresh_from_db()
    assert (cast.bea.position, cast.bea.power, cast.bea.consent) == ("", None, None)
    assert not Contact.objects.filter(name="Leo Luna").exists()


def test_stewardship(bring, left_out, cast):
    text = (
        "Account,Member,Role,Since,Until\n"
        "solo,ana@example.org,lead,2026-02-01,\n"
        "harbour,marc@example.org,lead,2026-01-15,\n"
        "molino,luz@example.org,associate,2025-05-01,2025-09-01\n"
        "molino,ana@example.org,lead,2024-05-01,2025-09-01\n"
        "molino,who@example.org,lead,,\nmolino,ana@example.org,cover,2025-05-01,2025-04-01\n"
    )
    run = bring(text, "stewardship")
    assert counts(run) == (3, 0, 0, 3)
    assert problems(left_out, run) == [
        "line 5 – Since: overlaps the time of another lead (from 2025-01-01)",
        "line 6 – Member: “who@example.org” is nobody of ours",
        "line 7 – Until: lies before the day on which it began",
    ]
    leads = dict(Account.objects.values_list("external_id", "lead__name"))
    assert (leads["solo"], leads["harbour"]) == ("Ana Arias", "Marc Mora")
    assert Stewardship.objects.get(account=cast.harbour, member=cast.nell).until == date(2026, 1, 15)
    assert counts(bring(text, "stewardship")) == (0, 0, 3, 3)
    assert undoing.undo(run, by=None, at=clock.now()).kept_back == []
    assert Account.objects.get(external_id="harbour").lead == cast.nell
    assert Stewardship.objects.get(account=cast.harbour, member=cast.nell).until is None


def test_members_with_reporting_lines_in_any_order(bring, left_out, cast):
    text = (
        "Nombre;Correo;Equipo;Nivel;Reporta a;Alta;Idioma\n"
        "Iris Ibarra;iris@example.org;Account management;2;Omar@example.org;01/02/2026;español\n"
        "Omar Ortiz;omar@example.org;Account management;Account director;vera@example.org;01/02/2026;inglés\n"
        "Marc Mora;marc@example.org;;4;;;\n"
        "Pau;pau@example.org;Nowhere;9;x@example.org;;\n"
    )
    run = bring(text, "members")
    assert counts(run) == (2, 1, 0, 1)
    [problem] = problems(left_out, run)
    assert problem == (
        "line 5 – Nivel: “9” is no rung of the ladder; Equipo: “Nowhere” is no team; "
        "Reporta a: “x@example.org” is nobody of ours, here or in the file"
    )
    iris = Post.objects.get(member__email="iris@example.org")
    assert (iris.reports_to.name, iris.rung.level, iris.since) == ("Omar Ortiz", 2, date(2026, 2, 1))
    assert not iris.member.has_usable_password()
    assert [post.rung.level for post in Post.objects.filter(member=cast.marc).order_by("since")] == [3, 4]
    assert counts(bring(text, "members")) == (0, 0, 3, 1)
    assert undoing.undo(run, by=cast.ada, at=clock.now()).kept_back == []
    assert not Member.objects.filter(email="iris@example.org").exists()
    assert Post.objects.get(member=cast.marc).until is None


def test_a_circle_of_superiors_is_not_tied(bring, cast):
    bring("name,email,reports to\nVera Vidal,vera@example.org,ana@example.org\n", "members")
    assert Post.objects.get(member=cast.vera).reports_to is None


def test_interactions(bring, left_out, cast):
    text = (
        "Cuenta;Tipo;Sentido;Fecha;Minutos;Gestor;Contacto;Asunto;Notas\n"
        'norte;Llamada;Entrante;25/02/2026 10:30;15;ana@example.org;bea@norte.example;Pedido;"dos\nlíneas"\n'
        "Bodegas Norte;Reunión;;26/02/2026 09:00;60;ana@example.org;;Revisión;\n"
        "norte;Fax;;26/02/2026 09:00;;;;;\nnorte;Visita;;26/05/2026 09:00;;;;;\n"
    )
    run = bring(text, "interactions", zone="Europe/Madrid")
    assert counts(run) == (2, 0, 0, 2)
    assert problems(left_out, run)[0].startswith("line 5 – Tipo: “Fax” is none of: call, mail")
    assert problems(left_out, run)[1] == "line 6 – Fecha: lies after the day that is today"
    call = Interaction.objects.get(kind="call")
    assert (call.direction, call.minutes, call.text) == ("in", 15, "dos\nlíneas")
    assert call.happened_at.isoformat() == "2026-02-25T09:30:00+00:00"
    assert call.recorded_at == call.happened_at
    assert list(call.members.all()) == [cast.ana]
    assert list(call.contacts.all()) == [cast.bea]
    cast.norte.refresh_from_db()
    assert cast.norte.last_touch_at.date() == date(2026, 2, 26)
    assert counts(bring(text, "interactions", zone="Europe/Madrid")) == (0, 0, 2, 2)
    assert undoing.undo(run, by=None, at=clock.now()).kept_back == []
    cast.norte.refresh_from_db()
    assert (Interaction.objects.count(), cast.norte.last_touch_at) == (0, None)


def test_products(bring, cast):
    text = "Referencia;Denominación;Familia\nA1;Vino tinto;Vinos\na1;Otro;Vinos\nB1;Aceite;\n"
    run = bring(text, "products")
    assert counts(run) == (2, 0, 0, 1)
    assert counts(bring(text.replace("Aceite", "Aceite virgen"), "products")) == (0, 1, 1, 1)
    assert [kept["name"] for kept in undoing.undo(run, by=None, at=clock.now()).kept_back] == ["Aceite virgen"]
