-- How an endpoint's events are signed: by a secret that both sides know (v1), or by a key whose public
-- half the receiver has (v1a). The private half stands where the secret does, sealed.
alter table webhook_endpoint add column signature text not null default 'v1'
    check (signature in ('v1', 'v1a'));
alter table webhook_endpoint add column public_key text not null default '';
alter table webhook_endpoint add check ((signature = 'v1a') = (public_key <> ''));
