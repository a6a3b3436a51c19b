-- Money that was ordered back of a payout which, as it turned out, nobody had: nothing is to be given
-- back any more, and nothing was received.
alter table claw_back drop constraint claw_back_state_check;
alter table claw_back add constraint claw_back_state_check
    check (state in ('due', 'received', 'needless'));
