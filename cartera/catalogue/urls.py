from django.urls import path

from cartera.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("products/", views.products, name="products"),
    path("products/add/", views.add, name="add"),
    path("products/<int:product_id>/", views.product, name="product"),
    path("products/<int:product_id>/edit/", views.edit, name="edit"),
    path("products/<int:product_id>/archive/", views.archive, name="archive"),
]
