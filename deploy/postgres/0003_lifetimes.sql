-- Sessions that end by themselves say so in their head: data ->> 'lifetime' is 'unnamed' (no caller named it) or 'private' (it is there
-- for one request or connection alone). Neither column changes in a turn: updates stay heap-only.
create index session_by_lifetime on conversations.session ((data ->> 'lifetime'), created_at)
  where deleted_at is null and data ->> 'lifetime' is not null;
-- What is kept of a deleted session, for a while. What forks begin with has a name with a slash, and stays for them.
create index session_tombstone on conversations.session (deleted_at) where deleted_at is not null and strpos(session, '/') = 0;
