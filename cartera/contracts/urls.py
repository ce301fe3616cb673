from django.urls import path

from cartera.contracts import views

app_name = "contracts"
urlpatterns = [
    path("invoices/", views.invoices, name="invoices"),
    path("invoices/completion/", views.completion, name="completion"),
    path("invoices/<int:invoice_id>/", views.invoice, name="invoice"),
    path("invoices/<int:invoice_id>/paid/", views.pay, name="pay"),
    path("invoices/<int:invoice_id>/not-paid/", views.unpay, name="unpay"),
    path("invoices/<int:invoice_id>/due/", views.set_due, name="set_due"),
    path("accounts/<int:account_id>/money/", views.money, name="money"),
    path("products/<int:product_id>/buyers/", views.product, name="product"),
    path("settings/rates/", views.rates, name="rates"),
]
