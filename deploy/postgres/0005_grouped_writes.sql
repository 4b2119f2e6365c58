-- Appends to many sessions at once: what write_session does to one, given as rows, so that sessions which write at the same time share
-- a round trip and a commit, and no JSON is taken apart but what is stored as such. Each keeps its own fence: of a session that another
-- writer changed first nothing is stored, and its new version is null. A row that cannot be stored lets all of them fail; the writer
-- then sends each alone, with write_session.

-- Of two indexes that serve equally well, the planner takes the younger. A turn is looked up by its id: the index by order would read
-- all turns of its session.
alter table conversations.turn drop constraint turn_pkey, add primary key (tenant, session, turn_id);

-- A session's head as a write leaves it; version: the one that the writer knows, null for a session that is new.
create type conversations.head_change as (
  tenant text, session text, version int, created_at timestamptz, item_count bigint, turn_count bigint, window_from bigint, newest_turn uuid,
  silo text, silo_address text, data json);

-- A turn that is new or changed, and an item; head: whose it is, as a place among the heads from 1. A turn is new if it has options.
create type conversations.turn_change as (
  head int, turn_id uuid, ord bigint, status smallint, calls_model boolean, attempt smallint, first_seq bigint, input_count int, item_count int,
  was_queued boolean, parked boolean, superseded boolean, merged_into uuid, due_at timestamptz, created_at timestamptz, ended_at timestamptz,
  fingerprint bytea, options json, progress json, input json);
create type conversations.item_change as (
  head int, seq bigint, turn_id uuid, attempt smallint, idx int, status smallint, first_event int, deltas bytea, body json);

-- Returns the new versions, in the order of the heads. The plans are made once, and must be those for large tables also if these are still
-- empty: every row is looked up by its key.
create function conversations.write_sessions(
  p_heads conversations.head_change[], p_turns conversations.turn_change[], p_items conversations.item_change[], out versions int[])
language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  h record;
begin
  versions := array_fill(null::int, array[cardinality(p_heads)]);
  for h in
    update conversations.session s
    set version = s.version + 1, updated_at = now(), deleted_at = null, created_at = c.created_at, item_count = c.item_count,
        turn_count = c.turn_count, window_from = c.window_from, newest_turn = c.newest_turn, silo = c.silo,
        silo_address = c.silo_address, data = coalesce(c.data, s.data)
    from unnest(p_heads) with ordinality as c(
      tenant, session, version, created_at, item_count, turn_count, window_from, newest_turn, silo, silo_address, data, place)
    where s.tenant = c.tenant and s.session = c.session and s.version = c.version
    returning c.place, s.version
  loop
    versions[h.place] := h.version;
  end loop;

  for h in select * from unnest(p_heads) with ordinality as c(
    tenant, session, version, created_at, item_count, turn_count, window_from, newest_turn, silo, silo_address, data, place)
    where c.version is null
  loop
    insert into conversations.session (tenant, session, version, created_at, item_count, turn_count, window_from, newest_turn,
                                       silo, silo_address, data)
    values (h.tenant, h.session, 1, h.created_at, h.item_count, h.turn_count, h.window_from, h.newest_turn, h.silo, h.silo_address,
            coalesce(h.data, '{}'))
    on conflict do nothing;
    if found then
      versions[h.place] := 1;
    end if;
  end loop;

  if exists (select from unnest(p_turns) t where t.options is not null) then
    insert into conversations.turn (tenant, session, turn_id, ord, status, calls_model, attempt, first_seq, input_count, item_count, was_queued,
                                    parked, superseded, merged_into, due_at, created_at, ended_at, fingerprint, options, progress, input,
                                    accepted_version, started_version, ended_version)
    select p_heads[t.head].tenant, p_heads[t.head].session, t.turn_id, t.ord, t.status, t.calls_model, t.attempt, t.first_seq, t.input_count,
           t.item_count, t.was_queued, t.parked, t.superseded, t.merged_into, t.due_at, t.created_at, t.ended_at, t.fingerprint, t.options,
           t.progress, t.input, versions[t.head], case when t.first_seq is not null then versions[t.head] end,
           case when t.status >= 2 then versions[t.head] end
    from unnest(p_turns) t where t.options is not null and versions[t.head] is not null;
  end if;

  if exists (select from unnest(p_turns) t where t.options is null) then
    update conversations.turn o
    set status = t.status, attempt = t.attempt, first_seq = t.first_seq, input_count = t.input_count, item_count = t.item_count,
        was_queued = t.was_queued, parked = t.parked, superseded = t.superseded, merged_into = t.merged_into, due_at = t.due_at,
        ended_at = t.ended_at, progress = t.progress, input = t.input,
        started_version = coalesce(o.started_version, case when t.first_seq is not null then versions[t.head] end),
        ended_version = coalesce(o.ended_version, case when t.status >= 2 then versions[t.head] end)
    from unnest(p_turns) t
    where t.options is null and versions[t.head] is not null
      and o.tenant = p_heads[t.head].tenant and o.session = p_heads[t.head].session and o.turn_id = t.turn_id;
  end if;

  insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, first_event, deltas, body, version)
  select p_heads[i.head].tenant, p_heads[i.head].session, i.seq, i.turn_id, i.attempt, i.idx, i.status, i.first_event, i.deltas, i.body,
         versions[i.head]
  from unnest(p_items) i where versions[i.head] is not null;
end $$;
