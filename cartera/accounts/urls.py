from django.urls import path

from cartera.accounts.views import account, list, people, settings

app_name = "accounts"
urlpatterns = [
    path("accounts/", list.index, name="list"),
    path("accounts/completion/", list.completion, name="completion"),
    path("accounts/figures/", list.figures, name="figures"),
    path("accounts/bulk/", list.bulk, name="bulk"),
    path("accounts/bulk/to/", list.new_stewards, name="new_stewards"),
    path("accounts/export.csv", list.export_as, {"form": "csv"}, name="csv"),
    path("accounts/export.xlsx", list.export_as, {"form": "xlsx"}, name="xlsx"),
    path("accounts/views/", list.save_view, name="save_view"),
    path("accounts/views/<int:view_id>/drop/", list.drop_view, name="drop_view"),
    path("accounts/new/", account.create, name="create"),
    path("accounts/duplicates/", settings.duplicates, name="duplicates"),
    path("accounts/merge/", settings.merge, name="merge"),
    path("accounts/keep-apart/", settings.keep_apart, name="keep_apart"),
    path("accounts/<int:account_id>/", account.page, name="page"),
    path("accounts/<int:account_id>/peek/", account.peek, name="peek"),
    path("accounts/<int:account_id>/edit/", account.edit, name="edit"),
    path("accounts/<int:account_id>/set/<str:key>/", list.set_cell, name="set"),
    path("accounts/<int:account_id>/stage/", account.move_stage, name="move_stage"),
    path("accounts/<int:account_id>/hand-over/", account.hand_over, name="hand_over"),
    path("accounts/<int:account_id>/assign/", account.assign, name="assign"),
    path(
        "accounts/<int:account_id>/stewards/<int:stewardship_id>/end/", account.end_stewardship, name="end_stewardship"
    ),
    path("accounts/<int:account_id>/close/", account.close, name="close"),
    path("accounts/<int:account_id>/reopen/", account.reopen, name="reopen"),
    path("accounts/<int:account_id>/people/", people.panel, name="people"),
    path("accounts/<int:account_id>/group/", account.group, name="group"),
    path("accounts/<int:account_id>/details/", account.details, name="details"),
    path("accounts/<int:account_id>/stewards/", account.stewards, name="stewards"),
    path("accounts/<int:account_id>/people/new/", people.add, name="add_contact"),
    path("accounts/<int:account_id>/people/<int:contact_id>/", people.contact, name="contact"),
    path("accounts/<int:account_id>/people/<int:contact_id>/left/", people.left, name="contact_left"),
    path("accounts/<int:account_id>/people/<int:contact_id>/merge/", people.merge, name="merge_contacts"),
    path("members/<int:member_id>/book/", account.member_book, name="book"),
    path("settings/fields/", settings.fields, name="fields"),
    path("settings/fields/<int:field_id>/drop/", settings.drop_field, name="drop_field"),
]
