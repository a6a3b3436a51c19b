-- What a bureau quoted, a spouse's vouchers, who checked whose identity: the hospital's business alone.
-- An insurer that is a party of the same episode reads none of these rows.
do $$
declare
    t text;
begin
    foreach t in array array['funder_account', 'settlement_quote', 'voucher_spouse',
        'identity_check', 'voucher_confirmation', 'voucher_stage', 'voucher_use_record']
    loop
        execute format('drop policy party_reads on %I', t);
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.role = ''hospital'' '
            'and p.organisation_id = current_setting(''crossclaim.organisation'', true)))',
            t, t);
    end loop;
end $$;
