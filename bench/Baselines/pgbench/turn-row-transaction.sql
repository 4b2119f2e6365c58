-- A turn's rows: the head, the user's item, the answer's, and the turn. One transaction, each statement a round trip.
begin;
update conversations.session set version = version + 1, updated_at = now(), item_count = item_count + 2, turn_count = turn_count + 1
where tenant = 'bench' and session = 's' || :client_id
returning item_count - 2 as seq, version, turn_count as ord, gen_random_uuid() as turn \gset
insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, body, version)
values ('bench', 's' || :client_id, :seq, cast(:turn as uuid), 0, 0, 1, '{"type":"message","role":"user","content":[{"type":"input_text","text":"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"}]}', :version);
insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, body, version)
values ('bench', 's' || :client_id, :seq + 1, cast(:turn as uuid), 0, 1, 1, '{"type":"message","role":"assistant","content":[{"type":"output_text","text":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}', :version);
insert into conversations.turn (tenant, session, turn_id, ord, status, calls_model, attempt, first_seq, input_count, item_count, was_queued, created_at, ended_at,
                                fingerprint, options, accepted_version, started_version, ended_version)
values ('bench', 's' || :client_id, cast(:turn as uuid), :ord, 2, true, 0, :seq, 1, 2, false, now(), now(),
        decode(md5('1') || md5('2'), 'hex'), '{"agent":"bench","names_session": true}', :version, :version, :version);
commit;
