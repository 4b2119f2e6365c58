-- Sessions: an append-only log with a small head, as three plain tables that anyone can read with SQL.
-- The silo writes them only through Orleans' ADO.NET grain storage, whose four statements (OrleansQuery, below) call the functions here.
-- The schema is there already: the list of applied migrations lives in it.
create table conversations.orleansquery (
  querykey varchar(64) primary key,
  querytext text not null);

-- The head: one row per session, updated in place. No indexed column changes in a turn, so every update is heap-only (HOT);
-- the fill factor leaves room for that. A deleted session keeps its row without content (a tombstone), because the version must
-- only ever rise: a silo that was paused over the deletion must not be able to write into the next life.
create table conversations.session (
  tenant text collate "C" not null,
  session text collate "C" not null,
  version int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  item_count bigint not null default 0,
  turn_count bigint not null default 0,
  window_from bigint not null default 0,
  newest_turn uuid,
  silo text,
  silo_address text,
  parent text collate "C",
  parent_seq bigint,
  data json not null default '{}',
  format smallint not null default 1,
  primary key (tenant, session),
  foreign key (tenant, parent) references conversations.session (tenant, session),
  check ((parent is null) = (parent_seq is null))) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index session_by_age on conversations.session (tenant, created_at, session) where deleted_at is null;
-- A fork begins with the items of its parent before parent_seq; its own go on from there.
create index session_by_parent on conversations.session (tenant, parent) where parent is not null;

-- History: insert-only. Erasure alone changes a row: it blanks the body and keeps the place.
-- deltas: the lengths of the pieces in which the text was streamed (variable-length integers, UTF-16 units).
-- version: the head's, of the write that added it.
create table conversations.item (
  tenant text collate "C" not null,
  session text collate "C" not null,
  seq bigint not null,
  turn_id uuid not null,
  attempt smallint not null,
  idx int not null,
  status smallint not null,
  first_event int,
  deltas bytea,
  body json,
  version int not null,
  deleted boolean not null default false,
  created_at timestamptz not null default now(),
  format smallint not null default 1,
  primary key (tenant, session, seq));

-- Turns: one row each. status: 0 queued, 1 in progress, 2 completed, 3 incomplete, 4 failed, 5 cancelled.
-- Its items are the item_count consecutive ones from first_seq on, input_count of them given, the others produced.
-- input: the items of a turn that has not started; they move to the history when it starts.
-- accepted_version, started_version, ended_version: the head's, of the writes that said so.
create table conversations.turn (
  tenant text collate "C" not null,
  session text collate "C" not null,
  turn_id uuid not null,
  ord bigint not null,
  status smallint not null,
  calls_model boolean not null,
  attempt smallint not null,
  first_seq bigint,
  input_count int not null,
  item_count int not null,
  was_queued boolean not null,
  parked boolean not null default false,
  superseded boolean not null default false,
  merged_into uuid,
  due_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  fingerprint bytea not null,
  options json not null,
  progress json,
  input json,
  accepted_version int not null,
  started_version int,
  ended_version int,
  format smallint not null default 1,
  primary key (tenant, session, turn_id)) with (fillfactor = 80);
-- The queue of a session, and all that recovery must look after.
create index turn_unfinished on conversations.turn (tenant, session, ord) where status < 2;
create index turn_in_order on conversations.turn (tenant, session, ord);

-- Splits a grain's key, and refuses what is not a session's: the provider would put a key that looks like a number or a GUID
-- elsewhere, and another grain's state under the same name would land in the same row.
create function conversations.check_key(p_state text, p_n0 bigint, p_n1 bigint, p_key text) returns void language plpgsql immutable as $$
begin
  if p_state is distinct from 'session' or p_n0 <> 0 or p_n1 <> 0 or coalesce(strpos(p_key, '/'), 0) < 2 then
    raise exception 'not a session: state %, key %/%/%', p_state, p_n0, p_n1, p_key using errcode = 'data_exception';
  end if;
end $$;

-- The session id in a grain's key: the keys write braces as %7B and %7D, and an id has no % of its own.
create function conversations.session_of(p_key text) returns text language sql immutable as $$
  select replace(replace(substr(p_key, strpos(p_key, '/') + 1), '%7B', '{'), '%7D', '}')
$$;

-- Whose items a session is made of: itself from from_seq on, before that its parent, before that the parent's parent.
create function conversations.lineage(p_tenant text, p_session text)
returns table (session text, from_seq bigint, to_seq bigint) language sql stable as $$
  with recursive line as (
    select s.session, s.parent, coalesce(s.parent_seq, 0) as from_seq, 9223372036854775807 as to_seq
    from conversations.session s where s.tenant = p_tenant and s.session = p_session
    union all
    select s.session, s.parent, coalesce(s.parent_seq, 0), l.from_seq
    from line l join conversations.session s on s.tenant = p_tenant and s.session = l.parent)
  select l.session, l.from_seq, l.to_seq from line l
$$;

-- The place in the order of acceptance of the first turn that anything happened to in this version of the head or a later one; turns run
-- one at a time in that order, so it is the turn of the last item before, or a younger one. Seq and version rise together.
create function conversations.first_turn_since(p_tenant text, p_session text, p_version int) returns bigint language plpgsql stable as $$
declare
  v_low bigint;
  v_high bigint;
  v_version int;
begin
  select coalesce(s.parent_seq, 0), s.item_count into v_low, v_high
  from conversations.session s where s.tenant = p_tenant and s.session = p_session;
  while v_low < v_high loop
    select i.version into v_version from conversations.item i
    where i.tenant = p_tenant and i.session = p_session and i.seq = (v_low + v_high) / 2;
    if v_version >= p_version then
      v_high := (v_low + v_high) / 2;
    else
      v_low := (v_low + v_high) / 2 + 1;
    end if;
  end loop;
  return coalesce((
    select t.ord from conversations.item i join conversations.turn t using (tenant, session, turn_id)
    where i.tenant = p_tenant and i.session = p_session and i.seq = v_low - 1), 0);
end $$;

-- Appends what changed since the version that the writer knows; returns the new version, or null if another writer was there first.
-- p_delta: {item_count, turn_count, …, items: [new items], accepted: [new turns], turns: [changed turns], erased: [items to blank],
-- forgotten: [turns to blank]}.
create function conversations.write_session(
  p_state text, p_n0 bigint, p_n1 bigint, p_key text, p_version int, p_delta bytea) returns int language plpgsql as $$
declare
  v_tenant text := split_part(p_key, '/', 1);
  v_session text := conversations.session_of(p_key);
  v_version int;
  d record;
begin
  perform conversations.check_key(p_state, p_n0, p_n1, p_key);
  select * into d from json_to_record(convert_from(p_delta, 'UTF8')::json) as r(
    created_at timestamptz, item_count bigint, turn_count bigint, window_from bigint, newest_turn uuid, silo text, silo_address text,
    parent text, parent_seq bigint, data json, items json, accepted json, turns json, erased json, forgotten json);

  if d.parent is not null then
    -- Whoever erases the parent waits for this, or has finished before it.
    perform from conversations.session s where s.tenant = v_tenant and s.session = d.parent for key share;
    if d.parent_seq > 0 and not exists (
        select from conversations.item i where i.tenant = v_tenant and i.session = d.parent and i.seq = d.parent_seq - 1) then
      raise exception 'what was to be forked is gone' using errcode = 'foreign_key_violation';
    end if;
  end if;

  if p_version is null then
    insert into conversations.session (tenant, session, version, created_at, item_count, turn_count, window_from, newest_turn,
                                       silo, silo_address, parent, parent_seq, data)
    values (v_tenant, v_session, 1, d.created_at, d.item_count, d.turn_count, d.window_from, d.newest_turn,
            d.silo, d.silo_address, d.parent, d.parent_seq, coalesce(d.data, '{}'))
    on conflict do nothing
    returning version into v_version;
  else
    update conversations.session s
    set version = s.version + 1, updated_at = now(), deleted_at = null, created_at = d.created_at, item_count = d.item_count,
        turn_count = d.turn_count, window_from = d.window_from, newest_turn = d.newest_turn, silo = d.silo,
        silo_address = d.silo_address, parent = coalesce(d.parent, s.parent), parent_seq = coalesce(d.parent_seq, s.parent_seq),
        data = coalesce(d.data, s.data)
    where s.tenant = v_tenant and s.session = v_session and s.version = p_version
    returning s.version into v_version;
  end if;
  if v_version is null then
    return null;
  end if;

  if d.accepted is not null then
    insert into conversations.turn (tenant, session, turn_id, ord, status, calls_model, attempt, first_seq, input_count, item_count, was_queued,
                                    parked, superseded, merged_into, due_at, created_at, ended_at, fingerprint, options, progress, input,
                                    accepted_version, started_version, ended_version)
    select v_tenant, v_session, t.turn_id, t.ord, t.status, t.calls_model, t.attempt, t.first_seq, t.input_count, t.item_count, t.was_queued,
           t.parked, t.superseded, t.merged_into, t.due_at, t.created_at, t.ended_at, t.fingerprint, t.options, t.progress, t.input,
           v_version, case when t.first_seq is not null then v_version end, case when t.status >= 2 then v_version end
    from json_to_recordset(d.accepted) as t(
      turn_id uuid, ord bigint, status smallint, calls_model boolean, attempt smallint, first_seq bigint, input_count int, item_count int,
      was_queued boolean, parked boolean, superseded boolean, merged_into uuid, due_at timestamptz, created_at timestamptz,
      ended_at timestamptz, fingerprint bytea, options json, progress json, input json);
  end if;

  if d.turns is not null then
    update conversations.turn o
    set status = t.status, attempt = t.attempt, first_seq = t.first_seq, input_count = t.input_count, item_count = t.item_count, was_queued = t.was_queued,
        parked = t.parked, superseded = t.superseded, merged_into = t.merged_into, due_at = t.due_at, ended_at = t.ended_at,
        options = coalesce(t.options, o.options), progress = t.progress, input = t.input,
        started_version = coalesce(o.started_version, case when t.first_seq is not null then v_version end),
        ended_version = coalesce(o.ended_version, case when t.status >= 2 then v_version end)
    from json_to_recordset(d.turns) as t(
      turn_id uuid, status smallint, attempt smallint, first_seq bigint, input_count int, item_count int, was_queued boolean, parked boolean,
      superseded boolean, merged_into uuid, due_at timestamptz, ended_at timestamptz, options json, progress json, input json)
    where o.tenant = v_tenant and o.session = v_session and o.turn_id = t.turn_id;
  end if;

  if d.items is not null then
    insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, first_event, deltas, body, version)
    select v_tenant, v_session, i.seq, i.turn_id, i.attempt, i.idx, i.status, i.first_event, i.deltas, i.body, v_version
    from json_to_recordset(d.items) as i(
      seq bigint, turn_id uuid, attempt smallint, idx int, status smallint, first_event int, deltas bytea, body json);
  end if;

  if d.erased is not null then
    update conversations.item i set body = null, deltas = null, first_event = e.first_event, deleted = true
    from (select r.seq, r.first_event,
                 (select l.session from conversations.lineage(v_tenant, v_session) l where r.seq >= l.from_seq and r.seq < l.to_seq) as owner
          from json_to_recordset(d.erased) as r(seq bigint, first_event int)) e
    where i.tenant = v_tenant and i.session = e.owner and i.seq = e.seq;
  end if;

  -- Of a response that its caller deleted nothing is left but that it was there: its items are the conversation's.
  if d.forgotten is not null then
    update conversations.turn t
    set options = json_build_object('agent', t.options -> 'agent', 'names_session', t.options -> 'names_session', 'store', false)
    from json_array_elements_text(d.forgotten) as f(turn_id)
    where t.tenant = v_tenant and t.session = v_session and t.turn_id = f.turn_id::uuid;
  end if;

  return v_version;
end $$;

-- All that an activation needs, in one round trip: the head, the unfinished turns, and the newest items from window_from on, at most
-- 2,000 of them and 8 MB (but always all of the turn that is running). No row: never written. A null payload: a tombstone.
create function conversations.read_session(p_state text, p_n0 bigint, p_n1 bigint, p_key text)
returns table (payload bytea, version int) language plpgsql stable as $$
declare
  v_tenant text := split_part(p_key, '/', 1);
  v_session text := conversations.session_of(p_key);
begin
  perform conversations.check_key(p_state, p_n0, p_n1, p_key);
  return query
  select case when s.deleted_at is null then convert_to(json_build_object(
      'created_at', s.created_at, 'item_count', s.item_count, 'turn_count', s.turn_count, 'window_from', s.window_from,
      'newest_turn', s.newest_turn, 'silo', s.silo, 'silo_address', s.silo_address, 'parent', s.parent, 'parent_seq', s.parent_seq,
      'data', s.data,
      'turns', (
        select json_agg(row_to_json(t) order by t.ord) from (
          select u.turn_id, u.ord, u.status, u.calls_model, u.attempt, u.first_seq, u.input_count, u.item_count, u.was_queued, u.parked, u.superseded,
                 u.merged_into, u.due_at, u.created_at, u.ended_at, u.fingerprint, u.options, u.progress, u.input
          from conversations.turn u where u.tenant = v_tenant and u.session = v_session and u.status < 2) t),
      'items', (
        select json_agg(row_to_json(i) order by i.seq) from (
          select n.seq, n.turn_id, n.attempt, n.idx, n.status, n.first_event, n.deltas, n.body
          from (
            select m.*, sum(octet_length(m.body::text)) over (order by m.seq desc) as bytes
            from conversations.lineage(v_tenant, v_session) l
            cross join lateral (
              select w.* from conversations.item w join conversations.turn o using (tenant, session, turn_id)
              where w.tenant = v_tenant and w.session = l.session and w.seq >= greatest(l.from_seq, s.window_from) and w.seq < l.to_seq
                and not o.superseded
              order by w.seq desc limit 2000) m
            order by m.seq desc limit 2000) n
          where n.bytes <= 8388608 or n.seq >= (
            select min(r.first_seq) from conversations.turn r where r.tenant = v_tenant and r.session = v_session and r.status < 2)) i)
    )::text, 'UTF8') end,
    s.version
  from conversations.session s
  where s.tenant = v_tenant and s.session = v_session;
end $$;

-- Erases a session: its content goes, its head stays as a tombstone. What forks begin with stays for them, under a name that no caller
-- can give (a session id has no slash), and goes with the last of them. Returns the new version, or null if another writer was first.
create function conversations.clear_session(p_state text, p_n0 bigint, p_n1 bigint, p_key text, p_version int)
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

-- Of an erased session that is kept for its forks, keeps what they still read; without forks, nothing, nor what it was forked from.
create function conversations.prune(p_tenant text, p_session text) returns void language plpgsql as $$
declare
  v_session text := p_session;
  v_parent text;
  v_until bigint;
begin
  while v_session is not null loop
    select h.parent into v_parent from conversations.session h
    where h.tenant = p_tenant and h.session = v_session and strpos(h.session, '/') > 0 for update;
    exit when not found;
    select max(f.parent_seq) into v_until from conversations.session f where f.tenant = p_tenant and f.parent = v_session;
    delete from conversations.item i where i.tenant = p_tenant and i.session = v_session and i.seq >= coalesce(v_until, 0);
    delete from conversations.turn t
    where t.tenant = p_tenant and t.session = v_session and (t.first_seq is null or t.first_seq >= coalesce(v_until, 0));
    exit when v_until is not null;
    delete from conversations.session h where h.tenant = p_tenant and h.session = v_session;
    v_session := v_parent;
  end loop;
end $$;

-- There is no DeleteStorageKey: a row that went would start again at version 1.
insert into conversations.orleansquery (querykey, querytext) values
('WriteToStorageKey', $q$
 select conversations.write_session(@GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @GrainStateVersion, @PayloadBinary)
   as NewGrainStateVersion $q$),
('ReadFromStorageKey', $q$
 select payload as PayloadBinary, version as Version
 from conversations.read_session(@GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString) $q$),
('ClearStorageKey', $q$
 select conversations.clear_session(@GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @GrainStateVersion)
   as NewGrainStateVersion $q$);
