-- Given an array, PostgreSQL plans these two long statements anew at each call, hoping for a better plan
-- than one for any array: nine tenths of what a commit spent on its lists.
alter function list_episodes(text[]) set plan_cache_mode = force_generic_plan;
-- They run for a millisecond; compiling them takes longer.
alter function list_episodes(text[]) set jit = off;
