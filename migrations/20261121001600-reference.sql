-- Code lists for drop-downs: the built-in ones, the same for every firm and filled by seeders/reference, and what a firm adds.

-- migrate: up
create table reference_codes (
  kind text not null,
  code text not null,
  label text not null,
  parent_code text,
  details jsonb not null default '{}',
  position int not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint reference_codes_pk primary key (kind, code),
  constraint reference_codes_kind_check check (kind in ('practice_area', 'court', 'jurisdiction', 'currency'))
);
grant select on reference_codes to {{app}}, {{engine}};
grant insert, update on reference_codes to {{engine}};

create table reference_items (
  firm_id uuid not null,
  id uuid not null,
  kind text not null,
  code text not null,
  label text not null,
  details jsonb not null default '{}',
  active boolean not null default true,
  position int not null default 0,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint reference_items_pk primary key (firm_id, id),
  constraint reference_items_code_key unique (firm_id, kind, code),
  constraint reference_items_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict,
  constraint reference_items_kind_check check (kind in ('practice_area', 'court', 'jurisdiction')),
  constraint reference_items_code_check check (code ~ '^[a-z0-9]+([._-][a-z0-9]+)*$' and length(code) <= 60),
  constraint reference_items_label_check check (length(btrim(label)) between 1 and 200),
  constraint reference_items_details_check check (jsonb_typeof(details) = 'object' and octet_length(details::text) <= 4096)
);
create index reference_items_kind_idx on reference_items (firm_id, kind, position, code);
create index reference_items_updated_idx on reference_items (firm_id, updated_at, id);
call internal.protect('reference_items');
call internal.touched('reference_items');
call internal.fixed('reference_items', 'kind', 'code');
call internal.audited('reference_items');
grant select, insert, update, delete on reference_items to {{app}};

-- migrate: down
drop table reference_items, reference_codes;
