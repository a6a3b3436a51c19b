-- What every step reads of its episode is found by the episode, however many others there are.
create index tender_episode on tender (episode_id);
create index allocation_episode on allocation (episode_id, bill_id, version desc);
create index pay_later_confirmation_episode on pay_later_confirmation (episode_id);
-- What every file of a bank is held against.
create index bank_file_message on bank_file (bank, message_id) where state = 'processed';
create index bank_statement_account on bank_statement (bank, account_sha256);
