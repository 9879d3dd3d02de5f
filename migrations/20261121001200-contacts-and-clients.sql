-- People and companies, how to reach them, how they stand to each other, and which of them are clients.

-- migrate: up
create table contacts (
  firm_id uuid not null,
  id uuid not null,
  kind text not null,
  given_name text,
  middle_name text,
  family_name text,
  suffix text,
  company_name text,
  -- as it is shown
  name text not null generated always as (btrim(case kind when 'company' then company_name
    else coalesce(given_name, '') || coalesce(' ' || middle_name, '') || coalesce(' ' || family_name, '') || coalesce(' ' || suffix, '') end)) stored,
  -- as it is sorted: family name first
  sort_name text not null generated always as (lower(btrim(case when kind = 'company' then company_name
    when family_name is null then given_name else family_name || coalesce(', ' || given_name, '') || coalesce(' ' || middle_name, '') end))) stored,
  job_title text,
  date_of_birth date,
  website text,
  notes text,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  created_by uuid,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint contacts_pk primary key (firm_id, id),
  constraint contacts_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict,
  constraint contacts_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint contacts_kind_check check (kind in ('person', 'company')),
  constraint contacts_name_check check (length(name) between 1 and 300 and case kind
    when 'company' then company_name is not null and num_nonnulls(given_name, middle_name, family_name, suffix, date_of_birth) = 0
    else company_name is null and num_nonnulls(given_name, family_name) > 0 end),
  constraint contacts_job_title_check check (length(job_title) <= 200),
  constraint contacts_website_check check (length(website) <= 500),
  constraint contacts_notes_check check (length(notes) <= 20000),
  constraint contacts_tags_check check (cardinality(tags) <= 50 and array_position(tags, null) is null and length(tags::text) <= 4000),
  constraint contacts_metadata_check check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 16384)
);
create index contacts_created_by_idx on contacts (firm_id, created_by) where created_by is not null;
create index contacts_sort_name_idx on contacts (firm_id, sort_name, id);
create index contacts_created_idx on contacts (firm_id, created_at desc, id desc);
create index contacts_updated_idx on contacts (firm_id, updated_at, id);
call internal.protect_contact('contacts', 'id');
call internal.touched('contacts');
call internal.audited('contacts', 'name', 'sort_name');
grant select, insert, update, delete on contacts to {{app}};

-- Other names: what conflict checks look through beside the name itself.
create table contact_names (
  firm_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  kind text not null,
  name text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint contact_names_pk primary key (firm_id, id),
  constraint contact_names_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint contact_names_contact_key unique (firm_id, contact_id, kind, name),
  constraint contact_names_kind_check check (kind in ('alias', 'former', 'trade', 'maiden')),
  constraint contact_names_name_check check (length(btrim(name)) between 1 and 300)
);
call internal.protect_contact('contact_names');
call internal.touched('contact_names');
call internal.fixed('contact_names', 'contact_id');
call internal.audited('contact_names');
grant select, insert, update, delete on contact_names to {{app}};

create table contact_emails (
  firm_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  label text not null default 'work',
  email text not null,
  is_primary boolean not null default false,
  position int not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint contact_emails_pk primary key (firm_id, id),
  constraint contact_emails_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint contact_emails_label_check check (length(label) between 1 and 40),
  constraint contact_emails_email_check check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254)
);
create index contact_emails_contact_idx on contact_emails (firm_id, contact_id, position, id);
create unique index contact_emails_email_key on contact_emails (firm_id, contact_id, email);
create unique index contact_emails_primary_key on contact_emails (firm_id, contact_id) where is_primary;
create index contact_emails_lookup_idx on contact_emails (firm_id, lower(email));
call internal.protect_contact('contact_emails');
call internal.touched('contact_emails');
call internal.fixed('contact_emails', 'contact_id');
call internal.audited('contact_emails');
grant select, insert, update, delete on contact_emails to {{app}};

create table contact_phones (
  firm_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  label text not null default 'work',
  phone text not null,
  is_primary boolean not null default false,
  position int not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint contact_phones_pk primary key (firm_id, id),
  constraint contact_phones_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint contact_phones_label_check check (length(label) between 1 and 40),
  constraint contact_phones_phone_check check (length(btrim(phone)) between 3 and 50)
);
create index contact_phones_contact_idx on contact_phones (firm_id, contact_id, position, id);
create unique index contact_phones_primary_key on contact_phones (firm_id, contact_id) where is_primary;
call internal.protect_contact('contact_phones');
call internal.touched('contact_phones');
call internal.fixed('contact_phones', 'contact_id');
call internal.audited('contact_phones');
grant select, insert, update, delete on contact_phones to {{app}};

create table contact_addresses (
  firm_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  label text not null default 'work',
  line1 text not null,
  line2 text,
  city text,
  region text,
  postal_code text,
  country text not null,
  is_primary boolean not null default false,
  position int not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint contact_addresses_pk primary key (firm_id, id),
  constraint contact_addresses_contact_key unique (firm_id, contact_id, id),
  constraint contact_addresses_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint contact_addresses_label_check check (length(label) between 1 and 40),
  constraint contact_addresses_text_check check (length(btrim(line1)) between 1 and 200 and length(line2) <= 200 and length(city) <= 100
    and length(region) <= 100 and length(postal_code) <= 20),
  constraint contact_addresses_country_check check (country ~ '^[A-Z]{2}$')
);
create index contact_addresses_contact_idx on contact_addresses (firm_id, contact_id, position, id);
create unique index contact_addresses_primary_key on contact_addresses (firm_id, contact_id) where is_primary;
call internal.protect_contact('contact_addresses');
call internal.touched('contact_addresses');
call internal.fixed('contact_addresses', 'contact_id');
call internal.audited('contact_addresses');
grant select, insert, update, delete on contact_addresses to {{app}};

-- "from is the <kind> of to": Acme Holding is the parent_company of Acme Inc.
create table contact_relations (
  firm_id uuid not null,
  id uuid not null,
  from_contact_id uuid not null,
  to_contact_id uuid not null,
  kind text not null,
  since date,
  until date,
  note text,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint contact_relations_pk primary key (firm_id, id),
  constraint contact_relations_from_fk foreign key (firm_id, from_contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint contact_relations_to_fk foreign key (firm_id, to_contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint contact_relations_ends_key unique (firm_id, from_contact_id, to_contact_id, kind),
  constraint contact_relations_kind_check check (kind in ('parent_company', 'affiliate', 'spouse', 'employer', 'relative', 'partner', 'agent',
    'officer', 'shareholder', 'guardian', 'insurer', 'attorney', 'other')),
  constraint contact_relations_self_check check (from_contact_id <> to_contact_id),
  constraint contact_relations_dates_check check (since <= until),
  constraint contact_relations_note_check check (length(note) <= 2000)
);
create index contact_relations_to_idx on contact_relations (firm_id, to_contact_id);
call internal.protect_contact('contact_relations', 'from_contact_id', 'to_contact_id');
call internal.touched('contact_relations');
call internal.fixed('contact_relations', 'from_contact_id', 'to_contact_id');
call internal.audited('contact_relations');
grant select, insert, update, delete on contact_relations to {{app}};

create table clients (
  firm_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  number text not null,
  status text not null default 'active',
  currency text not null default 'USD',
  payment_terms_days int not null default 30,
  tax_id text,
  ledes_client_id text,
  billing_contact_id uuid,
  billing_address_id uuid,
  billing_instructions text,
  notes text,
  opened_on date not null default current_date,
  created_by uuid,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint clients_pk primary key (firm_id, id),
  constraint clients_contact_key unique (firm_id, contact_id),
  constraint clients_number_key unique (firm_id, number),
  constraint clients_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete restrict on update restrict,
  constraint clients_billing_contact_fk foreign key (firm_id, billing_contact_id) references contacts (firm_id, id) on delete restrict on update restrict,
  constraint clients_billing_address_fk foreign key (firm_id, billing_address_id) references contact_addresses (firm_id, id)
    on delete set null (billing_address_id) on update restrict,
  constraint clients_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint clients_number_check check (length(btrim(number)) between 1 and 80),
  constraint clients_status_check check (status in ('active', 'inactive', 'former')),
  constraint clients_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint clients_payment_terms_check check (payment_terms_days between 0 and 365),
  constraint clients_tax_id_check check (length(tax_id) <= 40),
  -- 20 characters in every LEDES format
  constraint clients_ledes_client_id_check check (length(ledes_client_id) <= 20),
  constraint clients_billing_instructions_check check (length(billing_instructions) <= 5000),
  constraint clients_notes_check check (length(notes) <= 20000)
);
create index clients_billing_contact_idx on clients (firm_id, billing_contact_id) where billing_contact_id is not null;
create index clients_billing_address_idx on clients (firm_id, billing_address_id) where billing_address_id is not null;
create index clients_created_by_idx on clients (firm_id, created_by) where created_by is not null;
create index clients_status_idx on clients (firm_id, status, number, id);
create index clients_opened_idx on clients (firm_id, opened_on desc, id desc);
create index clients_created_idx on clients (firm_id, created_at desc, id desc);
create index clients_updated_idx on clients (firm_id, updated_at, id);
-- whoever names a contact to send bills to must see it
call internal.protect_by('clients', internal.contact_rule('clients.contact_id'),
  format('(clients.billing_contact_id is null or %s)', internal.contact_rule('clients.billing_contact_id')));
call internal.touched('clients');
call internal.fixed('clients', 'contact_id', 'number');
call internal.audited('clients');
grant select, insert, update on clients to {{app}};

-- The number comes from the counter. Only the system (import, seeds) may bring its own.
create function internal.number_client() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm record; year text; series text;
begin
  if new.number is not null then
    if current_setting('app.actor_kind', true) = 'user' then
      raise exception 'numbers of clients are given by the counter' using errcode = '23514', constraint = 'clients_number_given_check', table = 'clients', column = 'number';
    end if;
    return new;
  end if;
  select f.client_number_template as template into firm from public.firms f where f.firm_id = new.firm_id;
  year := to_char(new.opened_on, 'YYYY');
  series := 'client' || case when firm.template like '%{year}%' then ':' || year else '' end;
  loop
    new.number := internal.render_number(firm.template, internal.next_value(new.firm_id, series), year, null);
    exit when not exists (select from public.clients c where c.firm_id = new.firm_id and c.number = new.number);
  end loop;
  return new;
end $$;
alter function internal.number_client() owner to {{engine}};
revoke execute on function internal.number_client() from public;
create trigger clients_number before insert on clients for each row execute function internal.number_client();

-- migrate: down
drop table clients, contact_relations, contact_addresses, contact_phones, contact_emails, contact_names, contacts;
drop function internal.number_client();
