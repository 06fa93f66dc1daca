"""Columns of this package, and of the libraries that it uses, that name nobody (directory/personal_data.py)."""

IMPERSONAL = {
    "directory_accessrequest": "kind state",
    "directory_answer": "kind",
    "directory_appeal": "outcome",
    "directory_application": "due_on number paused_on register_status state terms_sha256 terms_version",
    "directory_category": "edited_at naf_codes name slug synonyms",
    "directory_check": "expires_on kind result source",
    "directory_directorypage": "intro",
    "directory_hoursreminder": "sent_at since stage",
    "directory_document": "kind media_type number",
    "directory_invitation": "role",
    "directory_journalentry": "act application_number",
    "directory_market": "closes note opens place source",
    "directory_merchantpage": "confirmed_on delivery_note labels source",
    "directory_merchantpicture": "alt",
    "directory_reasontemplate": "text title use",
    "directory_sanction": "applied_at effective_on ends_on hearing_until measure notice number remedies rule "
    "stage urgency",
    "directory_stockestablishment": "insee_code naf town_name",
    "directory_termination": "applied_at effective_on ended_at stage",
    "directory_town": "department_code department_name epci_code epci_name former_names insee_code latitude longitude "
    "name postal_codes slug",
    "directory_townguide": "text",
    "directory_vetting": "state visible_until",
}
