-- Sessions may be spread over several databases, each with this schema. Which of how many this one is: the number decides whose sessions
-- are here, so it is written once and never changes. What had sessions before it knew is the only one.
create table conversations.shard (
  number int not null,
  count int not null,
  only_row boolean primary key default true check (only_row),
  check (number between 1 and count));
insert into conversations.shard (number, count)
select 1, 1 where exists (select from conversations.session);

-- The database, from 1, in which a session of that name lives if there are so many. What is kept of an erased session for its forks
-- (a name with a slash) lies where the session did.
create function conversations.shard_of(p_tenant text, p_session text, p_count int) returns int language sql immutable parallel safe as $$
  select 1 + mod(('x' || encode(substr(sha256(convert_to(p_tenant || '/' || split_part(p_session, '/', 1), 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint,
                 p_count)::int
$$;
