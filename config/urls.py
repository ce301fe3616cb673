"""The addresses of all apps; each app's `urls.py` says its own full paths."""

from django.urls import include, path

from cartera.kit.features import features

urlpatterns = [path("", include(f"{feature.name}.urls")) for feature in features() if feature.has_urls()]
