-- Numbers of clients and cases: rendered from a firm's template, counted without gaps. The counter's row is locked by the
-- transaction that takes a number, so whoever rolls back gives it back.

-- migrate: up
create table number_counters (
  firm_id uuid not null,
  -- 'client', 'case', 'case:2026', 'case:<client id>'
  series text not null,
  value bigint not null,
  constraint number_counters_pk primary key (firm_id, series),
  constraint number_counters_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict,
  constraint number_counters_value_check check (value > 0)
);
-- only triggers count, and how many cases there are is nobody's to read: no rights for the application
call internal.protect('number_counters', 'system');

-- Null: as the template says (per client where it names the client, else per year where it names the year, else per firm).
alter table firms add column case_number_scope text;
alter table firms add constraint firms_case_number_scope_check check (case_number_scope in ('firm', 'year', 'client'));
alter table firms add constraint firms_case_number_scope_template_check check (
  case case_number_scope when 'year' then case_number_template like '%{year}%' when 'client' then case_number_template like '%{client}%' else true end);
alter table firms drop constraint firms_client_number_template_check, drop constraint firms_case_number_template_check;
alter table firms
  add constraint firms_client_number_template_check check (length(client_number_template) <= 60
    and client_number_template ~ '^([^{}]|\{year\})*\{seq(:[1-9])?\}([^{}]|\{year\})*$') not valid,
  add constraint firms_case_number_template_check check (length(case_number_template) <= 60
    and case_number_template ~ '^([^{}]|\{year\}|\{client\})*\{seq(:[1-9])?\}([^{}]|\{year\}|\{client\})*$') not valid;

create function internal.render_number(template text, value bigint, year text, client text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select replace(replace(
    case when template ~ '\{seq:[1-9]\}'
      then regexp_replace(template, '\{seq:[1-9]\}', case when length(value::text) >= width then value::text else lpad(value::text, width, '0') end)
      else replace(template, '{seq}', value::text) end,
    '{year}', year), '{client}', coalesce(client, ''))
  from (select coalesce(substring(template from '\{seq:([1-9])\}')::int, 1) as width) w
$$;

create function internal.next_value(firm uuid, p_series text) returns bigint
language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into public.number_counters as c (firm_id, series, value) values (firm, p_series, 1)
  on conflict on constraint number_counters_pk do update set value = c.value + 1 returning c.value
$$;

-- migrate: down
drop function internal.next_value(uuid, text), internal.render_number(text, bigint, text, text);
alter table firms drop constraint firms_client_number_template_check, drop constraint firms_case_number_template_check;
alter table firms
  add constraint firms_client_number_template_check check (client_number_template like '%{seq%' and length(client_number_template) <= 60),
  add constraint firms_case_number_template_check check (case_number_template like '%{seq%' and length(case_number_template) <= 60);
alter table firms drop column case_number_scope;
drop table number_counters;
