-- A turn's rows: the head, the user's item, the answer's. One transaction, each statement a round trip.
begin;
update conversations.session set version = version + 1, updated_at = now(), item_count = item_count + 2, turn_count = turn_count + 1
where tenant = 'bench' and session = 's' || :client_id
returning item_count - 2 as seq, version, turn_count as ord, gen_random_uuid() as turn \gset
insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, body, version)
values ('bench', 's' || :client_id, :seq, cast(:turn as uuid), 0, 0, 1, '{"type":"message","role":"user","content":[{"type":"input_text","text":"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"}]}', :version);
insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, body, version)
values ('bench', 's' || :client_id, :seq + 1, cast(:turn as uuid), 0, 1, 1, '{"type":"message","role":"assistant","content":[{"type":"output_text","text":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}', :version);
commit;
