-- The names of the turns that a deletion erased, for a day, and nothing else of them: a request that was under way when its session was
-- deleted may arrive in the session's next life (a silo that was paused takes up what it was sent before), and must not happen there.
create table conversations.erased_turn (
  tenant text collate "C" not null,
  session text collate "C" not null,
  turn_id uuid not null,
  erased_at timestamptz not null default now(),
  primary key (tenant, session, turn_id));
create index erased_turn_by_age on conversations.erased_turn (erased_at);

-- As before, but that it keeps those names.
create or replace function conversations.clear_session(p_state text, p_n0 bigint, p_n1 bigint, p_key text, p_version int)
returns int language plpgsql as $$
declare
  v_tenant text := split_part(p_key, '/', 1);
  v_session text := conversations.session_of(p_key);
  s conversations.session;
  v_kept text;
begin
  perform conversations.check_key(p_state, p_n0, p_n1, p_key);
  -- A fork takes a share of this lock.
  select * into s from conversations.session h
  where h.tenant = v_tenant and h.session = v_session and h.version = p_version for update;
  if not found then
    return null;
  end if;

  insert into conversations.erased_turn (tenant, session, turn_id)
  select t.tenant, t.session, t.turn_id from conversations.turn t
  where t.tenant = v_tenant and t.session = v_session and t.created_at > now() - interval '1 day'
  on conflict (tenant, session, turn_id) do update set erased_at = excluded.erased_at;

  if exists (select from conversations.session f where f.tenant = v_tenant and f.parent = v_session) then
    v_kept := v_session || '/' || s.version;
    insert into conversations.session (tenant, session, version, created_at, deleted_at, parent, parent_seq)
    values (v_tenant, v_kept, 1, s.created_at, now(), s.parent, s.parent_seq);
    update conversations.session f set parent = v_kept where f.tenant = v_tenant and f.parent = v_session;
    update conversations.item i set session = v_kept where i.tenant = v_tenant and i.session = v_session;
    update conversations.turn t set session = v_kept where t.tenant = v_tenant and t.session = v_session;
  else
    delete from conversations.item i where i.tenant = v_tenant and i.session = v_session;
    delete from conversations.turn t where t.tenant = v_tenant and t.session = v_session;
  end if;

  update conversations.session h
  set version = h.version + 1, updated_at = now(), deleted_at = now(), item_count = 0, turn_count = 0, window_from = 0,
      newest_turn = null, silo = null, silo_address = null, parent = null, parent_seq = null, data = '{}'
  where h.tenant = v_tenant and h.session = v_session;
  perform conversations.prune(v_tenant, coalesce(v_kept, s.parent));
  return s.version + 1;
end $$;
