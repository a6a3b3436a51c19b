-- What an episode says of the spouse stands under the spouse's own key, whose scope is the episode's
-- id with '-spouse'. While a rule keeps it after an erasure was asked for, it is shown to nobody.
do $$
declare
    staff text := 'coalesce(length(current_setting(''crossclaim.organisation'', true)), 0) = 0 or ';
    open text := 'current_setting(''crossclaim.purpose'', true) = ''legal'' or not exists '
        '(select 1 from storage_only s where s.scope = %I.episode_id || ''-spouse''%s)';
    -- Of messages to parties only those that were sealed under the spouse's key, whose id begins so.
    named text := ' and position(convert_to(s.scope || ''.'', ''UTF8'') in outbound_message.sealed) > 0';
    t text;
begin
    foreach t in array array['voucher_spouse', 'outbound_message']
    loop
        execute format('create policy spouse_is_only_stored on %I as restrictive for select to '
            'crossclaim_app using (' || open || ')', t, t,
            case t when 'outbound_message' then named else '' end);
        execute format('create policy spouse_is_closed_to_staff on %I as restrictive for select to '
            'crossclaim_reader using (' || staff || open || ')', t, t,
            case t when 'outbound_message' then named else '' end);
    end loop;
end $$;
