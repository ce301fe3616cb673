from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from cartera.team.views import demonstration, entrance, own, people, person, settings

team = [
    path("people/", people.chart, name="chart"),
    path("people/list/", people.list_, name="list"),
    path("people/<int:pk>/", person.page, name="member"),
    path("people/<int:pk>/details/", person.edit, name="edit"),
    path("people/<int:pk>/post/", person.new_post, name="new_post"),
    path("people/<int:pk>/leaves/", person.leave, name="leave"),
    path("people/<int:pk>/absences/", person.new_absence, name="new_absence"),
    path("people/absences/<int:pk>/cancel/", person.cancel_absence, name="cancel_absence"),
    path("people/<int:pk>/qualifications/", person.qualify, name="qualify"),
    path("people/qualifications/<int:pk>/remove/", person.disqualify, name="disqualify"),
    path("settings/people/", settings.people_settings, name="settings"),
    path("settings/people/invite/", settings.hire, name="hire"),
    path("settings/people/<int:pk>/invite/", settings.invite, name="invite"),
    path("settings/people/<int:pk>/shut-out/", settings.shut_out, name="shut_out"),
    path("settings/people/<int:pk>/let-in/", settings.let_in, name="let_in"),
    path("settings/people/<int:pk>/administrator/", settings.administrator, name="administrator"),
    path("settings/people/ladder/", settings.ladder, name="ladder"),
    path("settings/people/ladder/new/", settings.rung, name="new_rung"),
    path("settings/people/ladder/<int:pk>/", settings.rung, name="rung"),
    path("settings/people/ladder/<int:pk>/remove/", settings.remove_rung, name="remove_rung"),
    path("settings/people/ladder/<int:pk>/requirements/", settings.requirement, name="requirement"),
    path("settings/people/requirements/<int:pk>/remove/", settings.remove_requirement, name="remove_requirement"),
    path("settings/people/teams/", settings.teams, name="teams"),
    path("settings/people/teams/new/", settings.team, name="new_team"),
    path("settings/people/teams/<int:pk>/", settings.team, name="team"),
    path("settings/people/teams/<int:pk>/remove/", settings.remove_team, name="remove_team"),
    path("settings/demonstration/", demonstration.demonstration, name="demonstration"),
    path("me/", own.me, name="me"),
    path("me/sessions/<int:pk>/end/", own.end_session, name="end_session"),
    path("welcome/", entrance.welcome, name="welcome"),
    path("welcome/<str:token>/", entrance.found, name="found"),
    path("invitation/<str:token>/", entrance.accept, name="accept"),
]

to_sign_in = login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True))
# Our members have one address each, which administrators keep; allauth's page of addresses is not used.
to_me = RedirectView.as_view(pattern_name="team:me")

urlpatterns = [
    path("", include((team, "team"))),
    path("accounts/login/", to_sign_in),
    path("sign-in/email/", to_me),
    path("sign-in/sessions/", to_me),
    path("sign-in/", include("allauth.urls")),
]
