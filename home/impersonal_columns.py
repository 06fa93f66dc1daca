"""Columns of this package, and of the libraries that it uses, that name nobody (home/personal_data.py)."""

IMPERSONAL = {
    "home_homepage": "body intro",
    "home_closingletter": "occasion sent_at unreached_at",
    "home_closingplan": "announced_on back_on day ended_at ground kind proof proposed_at reason",
    "home_complaint": "outcome side",
    "home_notice": "digested_at due_on page reason state told_state",
    "home_monthlycost": "month note",
    "home_monthlyresult": "department frozen_at month",
    "home_opendataedition": "digest made_at merchants",
    "home_opendatafile": "name sha256",
    "home_partner": "name url",
    "home_siteaudit": "findings indexable made_at totals",
    "home_sitesettings": "announcement announcement_from announcement_link announcement_until footer "
    "menu publisher siret",
    "home_spotlight": "ends_on starts_on words",
    "home_storyindexpage": "intro",
}
