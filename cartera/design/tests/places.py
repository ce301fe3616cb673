"""All addresses of the product, and those of signing in."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [path("", include(settings.ROOT_URLCONF)), path("accounts/", include("allauth.urls"))]
