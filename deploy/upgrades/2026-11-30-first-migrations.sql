-- Brings a database of before 30 November 2026, when one first migration per package replaced all others, to where those
-- begin: the tables are the same, two of them have other names. CHANGELOG.md tells when to run it, and what comes after.
\set ON_ERROR_STOP on
set client_min_messages = warning;
begin;

do $$
begin
    if (select count(*) from django_migrations where (app, name) in (
        ('portal', '0016_watched'), ('directory', '0013_pages_watched_once'), ('shop', '0014_watched'),
        ('regional_search', '0019_one_log'), ('home', '0024_pages_watched_once')
    )) < 5 then
        raise exception 'This database is not at the last of its migrations: run `manage.py migrate` of commit 613ffdb first.';
    end if;
end $$;

-- Once migrate has made the tables that came since, `manage.py pgtrigger install` makes those that are declared; `pgtrigger prune` would drop those on libraries' tables.
do $$
declare
    declared regprocedure;
begin
    for declared in
        select oid from pg_proc where proname like 'pgtrigger\_%' and pronamespace = 'public'::regnamespace
    loop
        execute format('drop function %s cascade', declared);
    end loop;
end $$;

alter table home_sitefacts rename to home_sitesettings;
alter sequence home_sitefacts_id_seq rename to home_sitesettings_id_seq;
alter table shop_productfacts rename to shop_productdetails;
alter sequence shop_productfacts_id_seq rename to shop_productdetails_id_seq;
update auth_permission set codename = replace(replace(codename, 'sitefacts', 'sitesettings'), 'productfacts', 'productdetails');
update django_content_type set model = 'sitesettings' where (app_label, model) = ('home', 'sitefacts');
update django_content_type set model = 'productdetails' where (app_label, model) = ('shop', 'productfacts');

delete from django_migrations where app in ('portal', 'directory', 'shop', 'regional_search', 'home');
insert into django_migrations (app, name, applied) values
    ('portal', '0001_initial', now()), ('portal', '0002_after_wagtail', now()), ('directory', '0001_initial', now()),
    ('shop', '0001_initial', now()), ('shop', '0002_rules_of_the_database', now()), ('regional_search', '0001_initial', now()),
    ('home', '0001_initial', now()), ('home', '0002_first_rows', now());
-- By which processes know that the database is another one than they learnt of.
update portal_databasemark set id = id;
commit;
