from django.urls import path

from cartera.usage import api, rules, views

app_name = "usage"
urlpatterns = [
    path("accounts/<int:account_id>/usage/", views.account, name="account"),
    path("settings/usage/", views.settings, name="settings"),
    path("settings/usage/keys/", views.make_key, name="make_key"),
    path("settings/usage/keys/<int:write_key_id>/revoke/", views.revoke_key, name="revoke_key"),
    path("settings/usage/untied/", views.untied, name="untied"),
    path("settings/usage/workspaces/<int:workspace_id>/", views.workspace, name="workspace"),
    path("settings/usage/workspaces/<int:workspace_id>/tie/", views.tie, name="tie"),
    path("settings/usage/workspaces/<int:workspace_id>/ignore/", views.ignore, name="ignore"),
    path("settings/usage/aside/", views.aside, name="aside"),
    path("settings/usage/aside/download/", views.download_aside, name="download_aside"),
    path("settings/usage/aside/again/", views.try_again, name="try_again"),
    # Where the clients of Segment's tracking API send to; some end the path with a slash.
    *(path(f"v1/{call}", api.receive, {"call": call}, name=f"receive_{call}") for call in rules.CALLS),
    *(path(f"v1/{call}/", api.receive, {"call": call}) for call in rules.CALLS),
]
