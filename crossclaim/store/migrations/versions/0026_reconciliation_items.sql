-- One item of either side of a source that is no bank: an insurer's remittance, the bureau's totals
-- and details, the Department's reimbursement. ``organisation_id``: whose day it keeps open.
create table source_item (
    id bigint generated always as identity primary key,
    source text not null check (source in ('remittance', 'bureau_total', 'bureau_detail', 'voucher')),
    organisation_id text not null references organisation,
    -- What was compared in one go: a remittance, a sum of the bureau's, a statement of vouchers.
    scope text not null,
    day date not null,
    side text not null check (side in ('ours', 'theirs')),
    item text not null,
    reference text not null default '',
    amount_minor bigint not null,
    currency text not null,
    status text not null check (status in ('expected', 'matched', 'missing', 'over', 'under',
        'wrong_data', 'wrong_currency', 'split', 'duplicate')),
    why text not null,
    -- Items of one match have the same; empty for what nothing matches.
    match_name text not null default '',
    candidates jsonb not null default '[]',
    episode_id text references episode,
    -- False: a later comparison no longer has it.
    stands boolean not null default true,
    -- The order of a person that settled it; another figure or status takes the order's effect away.
    by_hand bigint,
    judged_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    unique (source, organisation_id, scope, side, item)
);
create index source_item_open on source_item (organisation_id, day)
    where stands and by_hand is null and status not in ('matched', 'split', 'expected');
create index source_item_owner on source_item (organisation_id, id);
create index source_item_ours on source_item (source, item) where side = 'ours';

-- What a person matched or explained of them, and took back.
create table source_match (
    id bigint generated always as identity primary key,
    organisation_id text not null references organisation,
    order_id text not null unique,
    kind text not null check (kind in ('match', 'explain')),
    items bigint[] not null,
    made_by text not null,
    reason text not null,
    made_at timestamptz not null,
    undone_at timestamptz,
    undone_by text not null default '',
    undone_reason text not null default '',
    recorded_at timestamptz not null default now()
);
create index source_match_owner on source_match (organisation_id, id);

-- A day's settlements are found by the day.
create index entry_occurred on entry (occurred_at);

alter table reconciliation_order drop constraint reconciliation_order_kind_check;
alter table reconciliation_order add constraint reconciliation_order_kind_check check (kind in
    ('match', 'undo', 'explain', 'remittance', 'match_items', 'explain_items', 'undo_items'));

do $$
declare
    t text;
begin
    foreach t in array array['source_item', 'source_match']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format(
            'create policy own_rows on %I for select to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
        execute format('grant select on %I to crossclaim_app, crossclaim_worker, crossclaim_reader', t);
        execute format('grant insert, update on %I to crossclaim_worker', t);
    end loop;
end $$;
