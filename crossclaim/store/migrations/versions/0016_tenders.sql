-- What the patient pays through the hospital's acquirer: one order, one reference, charged once for ever.
create table payment_order (
    reference text primary key,
    episode_id text not null references episode,
    bill_id text not null references bill,
    method text not null check (method in
        ('wechat', 'alipay', 'ecny', 'bank_card', 'foreign_card')),
    window_reference text not null default '',
    amount_minor bigint not null check (amount_minor > 0),
    state text not null check (state in
        ('due', 'sent', 'paying', 'paid', 'refused', 'closed')),
    -- What the window scanned; gone once it can no longer be used.
    payer_code_sealed bytea,
    code text not null default '',
    number text not null default '',
    asked integer not null default 0,
    again_at timestamptz,
    ordered_at timestamptz not null,
    close_at timestamptz not null,
    paid_at timestamptz,
    -- A foreign card's own side, as it was told: evidence, never computed on.
    card_currency text not null default '',
    card_amount text not null default '',
    card_rate text not null default '',
    card_rate_by text not null default '',
    card_rate_at timestamptz,
    recorded_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    check (payer_code_sealed is null or state in ('due', 'sent', 'paying')),
    check (state <> 'paid' or (number <> '' and paid_at is not null))
);
create index payment_order_episode on payment_order (episode_id);
create index payment_order_paid on payment_order (paid_at) where state = 'paid';

-- A part of one tender on its way back to what paid it.
create table tender_refund (
    reference text primary key,
    episode_id text not null references episode,
    bill_id text not null references bill,
    tender_id bigint not null references tender,
    method text not null,
    route text not null check (route in ('acquirer', 'cashier')),
    amount_minor bigint not null check (amount_minor > 0),
    cause text not null,
    state text not null check (state in ('due', 'sent', 'pending', 'refunded', 'refused')),
    code text not null default '',
    number text not null default '',
    asked integer not null default 0,
    again_at timestamptz,
    ordered_at timestamptz not null,
    refunded_at timestamptz,
    card_currency text not null default '',
    card_amount text not null default '',
    card_rate text not null default '',
    card_rate_by text not null default '',
    card_rate_at timestamptz,
    recorded_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    check (state <> 'refunded' or refunded_at is not null)
);
create index tender_refund_episode on tender_refund (episode_id);
create index tender_refund_tender on tender_refund (tender_id);
create index tender_refund_back on tender_refund (refunded_at) where state = 'refunded';

-- Refunds of one tender add up to no more than it paid, whoever writes them. Rows of an episode are
-- written under its lock, so the sum is the whole.
create function tender_refund_within() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if (new.tender_id, new.amount_minor, new.route, new.bill_id, new.episode_id)
            is distinct from
           (old.tender_id, old.amount_minor, old.route, old.bill_id, old.episode_id) then
            raise exception 'TENDER_REFUND_FIXED: what is refunded never changes'
                using errcode = 'insufficient_privilege';
        end if;
    end if;
    if new.state <> 'refused' and
       (select coalesce(sum(r.amount_minor), 0) from tender_refund r
        where r.tender_id = new.tender_id and r.reference <> new.reference
        and r.state <> 'refused') + new.amount_minor
       > (select t.amount_minor from tender t where t.id = new.tender_id) then
        raise exception 'TENDER_REFUND_ABOVE: more would be given back than was paid'
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger tender_refund_is_within before insert or update on tender_refund
    for each row execute function tender_refund_within();

-- A day of the acquirer's statement beside ours, and what differed in it.
create table acquirer_comparison (
    id bigint generated always as identity primary key,
    hospital_id text not null references organisation,
    day date not null,
    payments integer not null,
    paid_minor bigint not null,
    refunds integer not null,
    refunded_minor bigint not null,
    equal boolean not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index acquirer_comparison_hospital on acquirer_comparison (hospital_id, day);
create table acquirer_difference (
    comparison_id bigint not null references acquirer_comparison,
    hospital_id text not null references organisation,
    kind text not null check (kind in
        ('NOT_WITH_ACQUIRER', 'NOT_WITH_US', 'AMOUNT_DIFFERS', 'PAID_TWICE')),
    movement text not null check (movement in ('payment', 'refund')),
    reference text not null,
    number text not null,
    -- Null: a movement that no episode of ours knows.
    episode_id text references episode,
    our_minor bigint,
    their_minor bigint,
    primary key (comparison_id, movement, reference, number)
);

-- What a patient paid with is the hospital's business alone: no insurer of the episode reads it.
do $$
declare
    t text;
begin
    foreach t in array array['payment_order', 'tender_refund', 'acquirer_comparison',
        'acquirer_difference']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
    end loop;
    foreach t in array array['payment_order', 'tender_refund']
    loop
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.role = ''hospital'' '
            'and p.organisation_id = current_setting(''crossclaim.organisation'', true)))',
            t, t);
    end loop;
    foreach t in array array['acquirer_comparison', 'acquirer_difference']
    loop
        execute format(
            'create policy own_rows on %I for select to crossclaim_app using (hospital_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
    end loop;
end $$;
create policy owner_reads on tender for select to crossclaim_owner using (true);

grant select on payment_order, tender_refund, acquirer_comparison, acquirer_difference
    to crossclaim_worker, crossclaim_reader, crossclaim_app;
grant insert on payment_order, tender_refund, acquirer_comparison, acquirer_difference
    to crossclaim_worker;
grant update on payment_order, tender_refund to crossclaim_worker;
