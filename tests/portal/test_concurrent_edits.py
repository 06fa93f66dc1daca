"""The three-way merge of what was shown, what was typed and what is stored now."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from portal.concurrent_edits import LastChange, Outcome, Unknown, canonical, in_words, merge
from portal.concurrent_form import ConcurrentEditsMixin

UNTOUCHED, CHANGED, CONFLICT = Outcome


@pytest.mark.parametrize(
    ("shown", "typed", "stored", "outcome"),
    [
        ("a", "a", "a", UNTOUCHED),
        ("a", "a", "b", UNTOUCHED),  # changed elsewhere only
        ("a", "b", "a", CHANGED),
        ("a", "b", "b", UNTOUCHED),  # both wrote the same
        ("a", "b", "c", CONFLICT),
        ("a", "", "a", CHANGED),  # emptied here
        ("a", "", "b", CONFLICT),
        ("a", "a", "", UNTOUCHED),  # emptied elsewhere
        ("a", "b", "", CONFLICT),
        ("", "b", "", CHANGED),
        ("", "b", "c", CONFLICT),
        (False, True, False, CHANGED),
        (True, False, True, CHANGED),
        (True, True, False, UNTOUCHED),
        (True, False, False, UNTOUCHED),
        (["lait"], ["lait", "oeufs"], ["lait"], CHANGED),
        (["lait"], ["lait"], [], UNTOUCHED),
        (["lait"], [], ["lait", "oeufs"], CONFLICT),
        (["lait"], ["oeufs"], ["poisson"], CONFLICT),
        ("5", "5", "1", UNTOUCHED),
        ("5", "6", "1", CONFLICT),
        ("5", "1", "1", UNTOUCHED),
        (Unknown, "a", "a", UNTOUCHED),
        (Unknown, "a", "b", CONFLICT),
        (Unknown, "", "b", CONFLICT),
    ],
)
def test_what_was_not_touched_stays_and_what_changed_on_both_sides_is_looked_at(shown, typed, stored, outcome):
    assert merge(shown=shown, typed=typed, stored=stored) is outcome


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        (forms.DecimalField(localize=True), "6,0", Decimal("6.000")),
        (forms.DecimalField(localize=True), "2,40", Decimal("2.4")),
        (forms.DecimalField(), "100", Decimal("1E+2")),
        (forms.IntegerField(), " 5 ", 5),
        (forms.CharField(), "Au four.\r\nAu bois.", "Au four.\nAu bois."),
        (forms.CharField(), "Au four.  ", "Au four."),
        (forms.CharField(), "", None),
        (forms.BooleanField(), None, False),
        (forms.BooleanField(), "on", True),
        (forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")]), ["b", "a"], ["a", "b"]),
        (forms.MultipleChoiceField(), [], None),
        (forms.TimeField(), "08:30", time(8, 30)),
        (forms.DateField(), "2026-12-24", date(2026, 12, 24)),
        (forms.DateField(), "24/12/2026", date(2026, 12, 24)),
    ],
)
def test_two_writings_of_a_value_are_the_same(field, one, other):
    assert canonical(field, one) == canonical(field, other)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        (forms.DecimalField(localize=True), "6,1", Decimal("6.000")),
        (forms.DecimalField(localize=True), "six", Decimal(6)),
        (forms.CharField(), "Au four.\n\nAu bois.", "Au four.\nAu bois."),
        (forms.BooleanField(), "on", False),
        (forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")]), ["b"], ["a", "b"]),
        (forms.IntegerField(), "0", None),
    ],
)
def test_two_values_are_not_the_same(field, one, other):
    assert canonical(field, one) != canonical(field, other)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.BooleanField(), True, "coché"),
        (forms.BooleanField(), False, "non coché"),
        (forms.ChoiceField(choices=[("kg", "le kilo"), ("l", "le litre")]), "l", "le litre"),
        (forms.MultipleChoiceField(choices=[("a", "Lait"), ("b", "Œufs")]), ["a", "b"], "Lait, Œufs"),
        (forms.DecimalField(localize=True), Decimal("8.40"), "8,40"),
        (forms.CharField(), None, ""),
    ],
)
def test_a_stored_value_is_told_as_a_person_reads_it(field, value, words):
    assert in_words(field, value) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (LastChange(datetime(2026, 11, 30, 13, 2, tzinfo=UTC), "Paul"), "le 30 novembre à 14 h 02, par Paul"),
        (LastChange(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)), "le 1er juillet à 0 h 30"),
        (LastChange(by="la Région"), "par la Région"),
        (LastChange(), ""),
    ],
)
def test_who_changed_it_and_when_is_told_as_far_as_it_is_known(change, words):
    assert str(change).replace("\u00a0", " ") == words


class Note(ConcurrentEditsMixin, forms.Form):
    """A note with a title, stored in a dictionary."""

    title = forms.CharField()
    size = forms.DecimalField(localize=True, required=False)
    is_public = forms.BooleanField(required=False)
    tags = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B"), ("c", "C")], widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data=None, *, stored, edits="note:1", prefix=None):
        self.edits = edits
        super().__init__(data, initial=dict(stored), prefix=prefix)


STORED = {"title": "Pain", "size": Decimal("6.000"), "is_public": True, "tags": ["a", "b"]}


def sent(stored=STORED, edits="note:1", **changes):
    """Return what a browser sends of the form opened on ``stored``, with changes; None unticks or leaves out."""
    form = Note(stored=stored, edits=edits)
    data = {"snapshot": form["snapshot"].value(), "title": "Pain", "size": "6,0", "is_public": "on", "tags": ["a", "b"]}
    return MultiValueDict(
        {
            name: value if isinstance(value, list) else [value]
            for name, value in (data | changes).items()
            if value is not None
        }
    )


def test_a_form_that_changed_nothing_touches_nothing():
    form = Note(sent(), stored=STORED)

    assert form.is_valid()
    assert form.touched == set()
    assert form.cleaned_data["size"] == Decimal("6")


def test_only_what_was_typed_is_touched_and_the_rest_is_as_it_is_stored_now():
    now = STORED | {"size": Decimal("7"), "is_public": False, "tags": ["c"]}
    form = Note(sent(title="Pain de seigle"), stored=now)

    assert form.is_valid()
    assert form.touched == {"title"}
    cleaned = {name: form.cleaned_data[name] for name in STORED}
    assert cleaned == {"title": "Pain de seigle", "size": Decimal("7"), "is_public": False, "tags": ["c"]}
    assert form.moved.keys() == {"size", "is_public", "tags"}


def test_an_unticked_box_is_a_change():
    form = Note(sent(is_public=None, tags=None), stored=STORED)

    assert form.is_valid()
    assert form.touched == {"is_public", "tags"}
    assert (form.cleaned_data["is_public"], form.cleaned_data["tags"]) == (False, [])


def test_a_conflict_keeps_what_was_typed_and_is_written_when_sent_again():
    now = STORED | {"title": "Pain d’épices"}
    form = Note(sent(title="Pain de seigle"), stored=now)

    assert not form.is_valid()
    assert form["title"].value() == "Pain de seigle"
    assert form.conflicts["title"].stored == "Pain d’épices"
    assert 'aria-describedby="id_title_meanwhile"' in str(form["title"])

    again = Note(form.data, stored=now)
    assert again.is_valid()
    assert again.cleaned_data["title"] == "Pain de seigle"


def test_a_second_change_meanwhile_is_a_conflict_again():
    first = Note(sent(title="Pain de seigle"), stored=STORED | {"title": "Brioche"})
    assert not first.is_valid()

    assert not Note(first.data, stored=STORED | {"title": "Fougasse"}).is_valid()


def test_the_stored_value_can_be_kept_with_a_box():
    now = STORED | {"title": "Pain d’épices"}
    form = Note(sent(title="Pain de seigle", garder="title"), stored=now)

    assert form.is_valid()
    assert form.touched == set()
    assert form.cleaned_data["title"] == "Pain d’épices"


def test_a_conflict_is_told_even_where_what_was_typed_is_refused():
    form = Note(sent(size="beaucoup"), stored=STORED | {"size": Decimal("8")})

    assert not form.is_valid()
    assert "size" in form.errors
    assert form.conflicts["size"].stored == "8"
    assert form["size"].value() == "beaucoup"


@pytest.mark.parametrize("snapshot", ["", "faux", "W10:1abc:xyz", None])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing_unseen(snapshot):
    form = Note(sent(snapshot=snapshot, title="Brioche"), stored=STORED)

    assert not form.is_valid()
    assert form.conflicts.keys() == {"title"}
    assert Note(form.data, stored=STORED).is_valid()


def test_the_snapshot_of_another_object_says_nothing():
    form = Note(sent(edits="note:2", title="Brioche"), stored=STORED)

    assert not form.is_valid()
    assert form.conflicts.keys() == {"title"}


def test_a_field_that_no_browser_left_out_was_not_touched():
    form = Note(sent(title=None, size=None), stored=STORED | {"title": "Brioche"})

    assert form.is_valid()
    assert form.touched == set()
    assert form.cleaned_data["title"] == "Brioche"


def test_something_new_is_written_whole():
    form = Note(sent(edits=""), stored={}, edits="")

    assert form.is_valid()
    assert form.touched == {"title", "size", "is_public", "tags"}


def test_a_prefixed_form_merges_its_own_fields():
    shown = Note(stored=STORED, prefix="n")
    data = {"n-snapshot": shown["snapshot"].value(), "n-title": "Brioche", "n-size": "6", "n-is_public": "on"}
    form = Note(data | {"n-tags": ["a", "b"]}, stored=STORED | {"size": Decimal("9")}, prefix="n")

    assert form.is_valid()
    assert form.touched == {"title"}
    assert form.cleaned_data["size"] == Decimal("9")
