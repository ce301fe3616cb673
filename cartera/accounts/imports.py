"""What accounts, contacts and stewardship are called in a file. How they are brought in: loading.py."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from cartera.accounts import loading, loading_people
from cartera.accounts.models import CustomField
from cartera.imports.offers import Column, ImportKind
from cartera.team.queries import may

ID = ("id", "account id", "customer id", "CustomerID", "customer no", "customer number", "client id", "account number",
      "código", "código cliente", "id cliente", "nº cliente", "número cliente", "id cuenta", "identificador",
      "external id", "ref")  # fmt: skip
ACCOUNT = Column(
    key="account",
    label=_("account"),
    headings=(*ID, "company", "client", "customer", "account name", "customer name", "company name", "empresa",
              "cliente", "cuenta", "razón social", "nombre cliente", "nombre empresa"),
    required=True,
    max_length=200,
)  # fmt: skip

STAGES: Mapping[str, tuple[str, ...]] = {
    "onboarding": ("onboarding", "new", "alta", "incorporación", "nueva", "nuevo"),
    "active": ("active", "activo", "activa", "customer", "cliente"),
    "at_risk": ("at risk", "risk", "en riesgo", "riesgo"),
    "leaving": ("leaving", "en salida", "se va", "baja anunciada"),
    "lost": ("lost", "closed", "churned", "perdido", "perdida", "baja"),
}
TIERS: Mapping[str, tuple[str, ...]] = {
    "A": ("gold", "oro", "1", "key", "clave", "vip", "estratégico"),
    "B": ("silver", "plata", "2"),
    "C": ("bronze", "bronce", "3"),
    "D": ("basic", "básico", "4"),
}
_FIXED = (
    Column(key="external_id", label=_("external id"), headings=ID, max_length=80),
    Column(
        key="name",
        label=_("name"),
        headings=("account", "account name", "company", "company name", "client", "customer", "customer name", "cuenta",
                  "cliente", "empresa", "nombre", "razón social", "nombre cliente", "nombre empresa", "denominación"),
        required=True,
        max_length=200,
    ),
    Column(
        key="parent",
        label=_("part of"),
        headings=("parent", "parent account", "parent id", "group", "matriz", "grupo", "empresa matriz",
                  "cuenta padre"),
        max_length=200,
    ),
    Column(
        key="tier",
        label=_("tier"),
        headings=("segment", "level", "class", "category", "nivel", "segmento", "clase", "categoría"),
        kind="choice",
        choices=TIERS,
    ),
    Column(
        key="stage",
        label=_("stage"),
        headings=("status", "state", "lifecycle", "etapa", "estado", "fase", "situación"),
        kind="choice",
        choices=STAGES,
    ),
    Column(
        key="industry",
        label=_("industry"),
        headings=("sector", "branch", "vertical", "industria", "actividad", "ramo"),
        max_length=80,
    ),
    Column(key="country", label=_("country"), headings=("nation", "país"), max_length=60),
    Column(key="language", label=_("language"), headings=("idioma", "lengua"), max_length=8),
    Column(key="time_zone", label=_("time zone"), headings=("timezone", "zona horaria", "huso horario"), max_length=60),
    Column(key="currency", label=_("currency"), headings=("moneda", "divisa"), max_length=3),
    Column(
        key="tax_number",
        label=_("tax number"),
        headings=("vat", "vat number", "vat id", "tax id", "cif", "nif", "cif/nif", "nif/cif", "número fiscal"),
        max_length=40,
    ),
    Column(
        key="domain",
        label=_("web domain"),
        headings=("website", "web", "url", "domain", "site", "dominio", "sitio web", "página web"),
        max_length=120,
    ),
    Column(
        key="lead",
        label=_("mail address of who leads it"),
        headings=("owner", "owner mail", "owner email", "account manager", "lead", "manager", "manager email",
                  "steward", "gestor", "gestora", "responsable", "gestor de cuenta", "correo gestor",
                  "correo responsable", "comercial", "email gestor"),
        kind="mail",
    ),
    Column(
        key="opened_at",
        label=_("client since"),
        headings=("opened", "since", "customer since", "created", "start date", "alta", "fecha alta", "cliente desde",
                  "desde", "fecha de alta"),
        kind="datetime",
    ),
    Column(key="tags", label=_("tags"), headings=("labels", "etiquetas"), max_length=400),
    Column(
        key="contact_name",
        label=_("contact: name"),
        headings=("contact", "contact name", "contact person", "contacto", "persona de contacto", "nombre contacto"),
        max_length=160,
    ),
    Column(
        key="contact_email",
        label=_("contact: mail address"),
        headings=("contact mail", "contact email", "email", "e-mail", "mail", "correo", "correo electrónico",
                  "correo contacto", "email contacto"),
        kind="mail",
    ),
    Column(
        key="contact_phone",
        label=_("contact: phone"),
        headings=("contact phone", "phone", "telephone", "tel", "teléfono", "teléfono contacto", "móvil"),
        max_length=40,
    ),
    Column(
        key="contact_position",
        label=_("contact: position"),
        headings=("contact position", "contact title", "job title", "position", "cargo", "puesto", "cargo contacto"),
        max_length=120,
    ),
)  # fmt: skip
_CUSTOM_KINDS = {"number": "decimal", "date": "date"}


def account_columns() -> list[Column]:
    """The fixed columns, and the company's own fields."""
    own = [
        Column(
            key=f"custom.{field.key}",
            label=field.label,
            headings=(field.key,),
            kind="choice" if field.kind == CustomField.Kind.CHOICE else _CUSTOM_KINDS.get(field.kind, "text"),
            choices={str(choice): () for choice in field.choices},
            max_length=400,
        )
        for field in CustomField.objects.all()
    ]
    return [*_FIXED, *own]


CONTACT_COLUMNS = (
    ACCOUNT,
    Column(
        key="external_id",
        label=_("external id"),
        headings=("contact id", "person id", "id contacto", "código contacto"),
        max_length=80,
    ),
    Column(
        key="name",
        label=_("name"),
        headings=("contact", "contact name", "full name", "person", "nombre", "contacto", "nombre completo",
                  "nombre y apellidos", "persona"),
        required=True,
        max_length=160,
    ),
    Column(
        key="email",
        label=_("mail address"),
        headings=("email", "e-mail", "mail", "correo", "correo electrónico", "dirección de correo"),
        kind="mail",
    ),
    Column(key="phone", label=_("phone"), headings=("telephone", "tel", "mobile", "teléfono", "móvil"), max_length=40),
    Column(
        key="position",
        label=_("position"),
        headings=("title", "job title", "cargo", "puesto", "función"),
        max_length=120,
    ),
    Column(
        key="role",
        label=_("role"),
        headings=("buying role", "rol", "papel"),
        kind="choice",
        choices={
            "decision_maker": ("decision maker", "decisor", "decisora", "quien decide"),
            "sponsor": ("sponsor", "patrocinador", "patrocinadora"),
            "champion": ("champion", "defensor", "defensora", "promotor", "promotora"),
            "user": ("user", "usuario", "usuaria"),
            "blocker": ("blocker", "bloqueador", "bloqueadora"),
            "detractor": ("detractor", "detractora"),
        },
    ),
    Column(
        key="power",
        label=_("decision power (1–5)"),
        headings=("power", "influence", "poder de decisión", "influencia"),
        kind="integer",
        least=1,
        most=5,
    ),
    Column(
        key="support",
        label=_("support (−2 to 2)"),
        headings=("support", "apoyo"),
        kind="integer",
        least=-2,
        most=2,
    ),
    Column(key="language", label=_("language"), headings=("idioma",), max_length=8),
    Column(
        key="consent",
        label=_("agreed to be contacted"),
        headings=("consent", "opt in", "consentimiento", "acepta contacto"),
        kind="flag",
    ),
    Column(
        key="left_on",
        label=_("left the company on"),
        headings=("left", "left on", "fecha de baja", "baja"),
        kind="date",
    ),
)  # fmt: skip
STEWARDSHIP_COLUMNS = (
    ACCOUNT,
    Column(
        key="member",
        label=_("mail address of the member"),
        headings=("member", "email", "mail", "owner", "account manager", "steward", "gestor", "gestora", "responsable",
                  "correo", "correo electrónico", "correo gestor", "miembro"),
        kind="mail",
        required=True,
    ),
    Column(
        key="role",
        label=_("role"),
        headings=("rol", "función"),
        kind="choice",
        choices={
            "lead": ("lead", "owner", "principal", "titular", "responsable", "gestor", "gestora"),
            "associate": ("associate", "assistant", "asociado", "asociada", "adjunto", "adjunta"),
            "specialist": ("specialist", "especialista"),
            "cover": ("cover", "suplencia", "suplente"),
        },
    ),
    Column(key="since", label=_("since"), headings=("from", "start", "desde", "inicio"), kind="date"),
    Column(key="until", label=_("until"), headings=("to", "end", "hasta", "fin"), kind="date"),
    Column(key="why", label=_("why"), headings=("reason", "motivo", "razón"), max_length=200),
)  # fmt: skip


def _may(member: object) -> bool:
    return may(member, "import")  # type: ignore[arg-type]


KINDS = (
    ImportKind(
        key="accounts",
        label=_("Accounts"),
        hint=_("Your clients: name, id, tier, country, who leads them, and a contact of each."),
        icon="building-2",
        columns=account_columns,
        key_columns=("external_id", "tax_number", "name"),
        key_of=loading.account_key,
        load=loading.load_accounts,
        finish=loading.finish_accounts,
        may=_may,
        undone=loading.search_again,
        verb="accounts.import",
        watched={
            "accounts.account": loading.WATCHED,
            "accounts.contact": ("account_id", "name", "email", "phone", "position", "left_on"),
            "accounts.stewardship": ("member_id", "until"),
        },
        extras={"contacts": _("Contacts made")},
        order=20,
    ),
    ImportKind(
        key="contacts",
        label=_("Contacts"),
        hint=_("The people in your clients' companies, with their role and mail address."),
        icon="contact",
        columns=lambda: CONTACT_COLUMNS,
        key_columns=("account", "external_id", "email", "name"),
        key_of=loading_people.contact_key,
        load=loading_people.load_contacts,
        may=_may,
        undone=loading.search_again,
        verb="accounts.import_contacts",
        watched={"accounts.contact": ("account_id", *loading_people.CONTACT)},
        order=30,
    ),
    ImportKind(
        key="stewardship",
        label=_("Stewardship"),
        hint=_("Who looks after which account, in which role, from when until when."),
        icon="users-round",
        columns=lambda: STEWARDSHIP_COLUMNS,
        key_columns=("account", "member", "role", "since"),
        key_of=loading_people.stewardship_key,
        load=loading_people.load_stewardships,
        may=_may,
        verb="accounts.import_stewardship",
        watched={"accounts.stewardship": ("member_id", "role", "since", "until")},
        order=40,
    ),
)
