"""A region in use takes all our migrations, back and forward, and is as it was: what a deploy does to real data."""

from argparse import Namespace

from tests.drills import migrations


def test_every_migration_of_ours_goes_back_and_forward_over_a_filled_region(django_db_blocker, capsys):
    with django_db_blocker.unblock():
        sound = migrations.play(Namespace(merchants=500, products=600))

    assert sound, capsys.readouterr().out
