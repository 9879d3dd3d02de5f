-- UTBMS code lists: a public standard, the same for every firm, filled by seeders/reference.

-- migrate: up
create table utbms_codes (
  code_set text not null,
  code text not null,
  kind text not null,
  parent_code text,
  name text not null,
  position int not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  -- the standard has codes that are phase and task at once (C100, P300), so the kind belongs to the key
  parent_kind text generated always as (case when parent_code is not null then 'phase' end) stored,
  constraint utbms_codes_pk primary key (code_set, kind, code),
  constraint utbms_codes_parent_fk foreign key (code_set, parent_kind, parent_code) references utbms_codes (code_set, kind, code)
    on delete restrict on update restrict,
  constraint utbms_codes_kind_check check (kind in ('phase', 'task', 'activity', 'expense'))
);
create index utbms_codes_parent_idx on utbms_codes (code_set, parent_kind, parent_code);
grant select on utbms_codes to {{app}}, {{engine}};
grant insert, update on utbms_codes to {{engine}};

-- migrate: down
drop table utbms_codes;
