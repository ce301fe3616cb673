"""Invoices from a file, one line of an invoice a row: what the columns are called, and how a chunk is brought in.

A row's identity is its whole content. A line that stands on an invoice twice is two lines; a row of a later file that
says the same as a line already there, is that line. So the same file twice changes nothing, a longer file adds only
what is new, and rows that were left out can be corrected and brought back alone.
"""

from django.utils.translation import gettext_lazy as _

from cartera.accounts.loading import WATCHED, search_again
from cartera.catalogue.imports import sees_everything
from cartera.contracts import loading
from cartera.imports.offers import Column, ImportKind

COLUMNS = (
    Column(
        key="number",
        label=_("invoice number"),
        headings=("InvoiceNo", "invoice", "invoice no", "invoice #", "number", "document", "document number", "factura",
                  "nº factura", "número de factura", "núm factura", "n factura", "documento", "nº documento"),
        required=True,
        max_length=60,
    ),
    Column(
        key="account",
        label=_("client id"),
        headings=("CustomerID", "customer", "customer no", "customer number", "client", "client id", "account",
                  "account id", "cliente", "id cliente", "código cliente", "nº cliente", "cuenta", "id cuenta"),
        required=True,
        max_length=80,
    ),
    Column(
        key="account_name",
        label=_("client name"),
        headings=("customer name", "account name", "nombre cliente", "razón social", "nombre cuenta"),
        max_length=200,
    ),
    Column(
        key="issued_at",
        label=_("invoice date"),
        headings=("InvoiceDate", "date", "issued", "issued at", "issue date", "document date", "fecha", "fecha factura",
                  "fecha de emisión", "emitida"),
        kind="datetime",
        required=True,
    ),
    Column(
        key="product",
        label=_("product code"),
        headings=("StockCode", "sku", "item", "item code", "product", "article", "artículo", "código artículo",
                  "producto", "código producto", "referencia", "ref"),
        max_length=60,
    ),
    Column(
        key="text",
        label=_("description"),
        headings=("item description", "product name", "text", "descripción", "concepto", "detalle", "texto"),
        max_length=300,
    ),
    Column(
        key="quantity",
        label=_("quantity"),
        headings=("qty", "units", "cantidad", "unidades", "uds", "cant"),
        kind="decimal",
    ),
    Column(
        key="unit_price",
        label=_("unit price"),
        headings=("price", "unitprice", "rate", "precio", "precio unitario", "importe unitario", "pvp"),
        kind="decimal",
    ),
    Column(
        key="amount",
        label=_("line amount"),
        headings=("amount", "total", "line total", "net amount", "importe", "total línea", "importe neto", "base"),
        kind="decimal",
    ),
    Column(key="currency", label=_("currency"), headings=("moneda", "divisa", "iso currency"), max_length=3),
    Column(
        key="country",
        label=_("country of the client"),
        headings=("country", "país"),
        max_length=60,
    ),
    Column(
        key="due_on",
        label=_("due date"),
        headings=("due", "due on", "vencimiento", "fecha de vencimiento", "vence"),
        kind="date",
    ),
    Column(
        key="paid_on",
        label=_("paid on"),
        headings=("paid", "payment date", "pagada", "fecha de pago", "cobrada", "fecha de cobro"),
        kind="date",
    ),
)  # fmt: skip


KINDS = (
    ImportKind(
        key="invoices",
        label=_("Invoices"),
        hint=_("One row is one line of an invoice: number, client, date, product, quantity and price."),
        icon="receipt-text",
        columns=lambda: COLUMNS,
        any_of=("unit_price", "amount"),
        load=loading.load,
        finish=loading.finish,
        tidy=loading.tidy,
        undone=search_again,
        may=sees_everything,
        verb="contracts.import",
        watched={
            "accounts.account": WATCHED,
            "catalogue.product": ("code", "name", "family", "archived_at"),
            "contracts.invoice": ("account_id", "number", "issued_at", "due_on", "paid_on", "currency"),
        },
        extras={
            "accounts": _("Clients opened"),
            "products": _("Products made"),
            "invoices": _("Invoices made"),
        },
        options=("currency",),
        order=70,
    ),
)
