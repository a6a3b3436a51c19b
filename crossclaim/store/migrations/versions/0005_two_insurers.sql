-- Two insurers may carry parts of one line, each under its own name; a funder without a name still
-- stands once on a line of a split.
alter table allocation_share
    drop constraint allocation_share_pkey,
    add constraint allocation_share_once
        unique nulls not distinct (bill_id, version, line, funder, organisation_id);
