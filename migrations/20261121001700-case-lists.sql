-- What lists and the search box need of cases. Sorts and equalities serve the policies' own reads; tags, metadata and
-- text are looked up inside doors, because row-level security keeps @> and trigrams from being index conditions.

-- migrate: up
create function internal.firm_json(firm uuid, value jsonb) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$ select jsonb_build_object(firm::text, value) $$;

create index cases_opened_idx on cases (firm_id, coalesce(opened_on, date 'infinity'), id);
create index cases_closed_idx on cases (firm_id, coalesce(closed_on, date 'infinity'), id);
create index cases_limitation_idx on cases (firm_id, coalesce(limitation_on, date 'infinity'), id);
create index cases_status_idx on cases (firm_id, status, coalesce(opened_on, date 'infinity'), id);
create index cases_practice_area_idx on cases (firm_id, practice_area, coalesce(opened_on, date 'infinity'), id);
create index cases_title_idx on cases (firm_id, title, id);
create index cases_created_idx on cases (firm_id, created_at, id);
create index cases_updated_idx on cases (firm_id, updated_at, id);
-- firms apart without btree_gin: the firm stands in each word and on each path
create index cases_tags_idx on cases using gin (internal.firm_words(firm_id, tags));
create index cases_metadata_idx on cases using gin (internal.firm_json(firm_id, metadata) jsonb_path_ops);

-- Number, title, docket number, client and parties as one text, lower case and without accents. Kept by triggers.
create table case_search (
  firm_id uuid not null,
  case_id uuid not null,
  content text not null,
  constraint case_search_pk primary key (firm_id, case_id),
  constraint case_search_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict
);
create index case_search_content_idx on case_search using gin (content public.gin_trgm_ops);
call internal.protect_case('case_search');

create function internal.write_case_text(firm uuid, ids uuid[]) returns void
language sql volatile set search_path = pg_catalog, public, pg_temp as $$
  insert into public.case_search as s (firm_id, case_id, content)
    select c.firm_id, c.id, lower(public.unaccent(left(concat_ws(E'\n', c.number, c.title, c.docket_number, k.name,
      (select string_agg(distinct p.name, E'\n') from public.case_parties m join public.contacts p on p.firm_id = m.firm_id and p.id = m.contact_id
        where m.firm_id = c.firm_id and m.case_id = c.id)), 20000)))
    from public.cases c
    join public.clients l on l.firm_id = c.firm_id and l.id = c.client_id
    join public.contacts k on k.firm_id = l.firm_id and k.id = l.contact_id
    where c.firm_id = firm and c.id = any (ids) order by c.id
  on conflict on constraint case_search_pk do update set content = excluded.content where s.content <> excluded.content
$$;
create function internal.index_case() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  case tg_table_name
    when 'cases' then perform internal.write_case_text(new.firm_id, array[new.id]);
    when 'contacts' then perform internal.write_case_text(new.firm_id, array(select distinct l.case_id from public.contact_cases l where l.firm_id = new.firm_id and l.contact_id = new.id));
    when 'case_parties' then
      if tg_op = 'INSERT' then perform internal.write_case_text(new.firm_id, array[new.case_id]);
      else perform internal.write_case_text(old.firm_id, array[old.case_id]); end if;
  end case;
  return null;
end $$;
alter function internal.index_case() owner to {{engine}};
revoke execute on function internal.index_case() from public;
create trigger cases_search_insert after insert on cases for each row execute function internal.index_case();
create trigger cases_search_update after update on cases for each row
  when ((old.title, old.docket_number) is distinct from (new.title, new.docket_number)) execute function internal.index_case();
create trigger case_parties_search after insert or delete on case_parties for each row execute function internal.index_case();
create trigger contacts_case_search after update on contacts for each row when (old.name is distinct from new.name) execute function internal.index_case();

-- migrate: down
drop trigger contacts_case_search on contacts;
drop trigger case_parties_search on case_parties;
drop trigger cases_search_update on cases;
drop trigger cases_search_insert on cases;
drop function internal.index_case(), internal.write_case_text(uuid, uuid[]);
drop table case_search;
drop index cases_metadata_idx, cases_tags_idx, cases_updated_idx, cases_created_idx, cases_title_idx, cases_practice_area_idx, cases_status_idx,
  cases_limitation_idx, cases_closed_idx, cases_opened_idx;
drop function internal.firm_json(uuid, jsonb);
