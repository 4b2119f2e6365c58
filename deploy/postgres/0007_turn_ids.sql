-- A turn is found by its id alone, whatever session it is in, in one probe; new ids are mostly the largest, so they go to the end of the
-- index.
alter table conversations.turn drop constraint turn_pkey, add primary key (turn_id, tenant, session);

-- As before, but for how a turn that changed is looked up. Returns the new versions, in the order of the heads. The plans are made once, and must be those for large tables also if these are still
-- empty: every row is looked up by its key. A turn by its id, and compared so that no index of a session's turns will do: a session may have
-- thousands, and of indexes on a table without statistics one seems as good as another.
create or replace function conversations.write_sessions(
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
      and o.turn_id = t.turn_id and (o.tenant, o.session) is not distinct from (p_heads[t.head].tenant, p_heads[t.head].session);
  end if;

  insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, first_event, deltas, body, version)
  select p_heads[i.head].tenant, p_heads[i.head].session, i.seq, i.turn_id, i.attempt, i.idx, i.status, i.first_event, i.deltas, i.body,
         versions[i.head]
  from unnest(p_items) i where versions[i.head] is not null;
end $$;
