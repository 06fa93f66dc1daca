"""Columns of this package, and of the libraries that it uses, that name nobody (search/personal_data.py)."""

IMPERSONAL = {
    "regional_search_dailydemand": "category day place words",
    "regional_search_demand": "category day place words",
    "regional_search_generation": "history mapping retired_at started_at state",
    "regional_search_indexedentry": (
        "categories category department hours_known_since kind labels openings places renew_on town"
    ),
    "regional_search_promotedanswer": "ends_on phrases starts_on text title",
    "regional_search_setaside": "fingerprint kind since stage",
    "regional_search_synonym": "meaning phrase",
}
