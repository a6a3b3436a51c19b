-- How an endpoint's events are signed: by a secret that both sides know (v1), or by a key whose public
-- half the receiver has (v1a). The private half stands where the secret does, sealed.
alter table webhook_endpoint add column signature text not null default 'v1'
    check (signature in ('v1', 'v1a'));
alter table webhook_endpoint add column public_key text not null default '';
alter table webhook_endpoint add check ((signature = 'v1a') = (public_key <> ''));

-- An answer on the exchange that its asker refused for good: the sweep, which sends what is still owed,
-- leaves it. Whoever asks again is answered again.
alter table hcx_message add column refused_at timestamptz;
grant update (refused_at) on hcx_message to crossclaim_worker;
create index hcx_message_owed on hcx_message (recorded_at)
    where direction = 'in' and answered_at is null and refused_at is null;
