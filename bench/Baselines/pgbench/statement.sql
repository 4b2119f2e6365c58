-- The same rows as of transaction.sql, as one statement.
with head as (
  update conversations.session set version = version + 1, updated_at = now(), item_count = item_count + 2, turn_count = turn_count + 1
  where tenant = 'bench' and session = 's' || :client_id
  returning session, item_count - 2 as seq, version, turn_count as ord, gen_random_uuid() as turn)
insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, body, version)
select 'bench', h.session, h.seq + i.idx, h.turn, 0, i.idx, 1, i.body, h.version
from head h cross join (values
  (0, '{"type":"message","role":"user","content":[{"type":"input_text","text":"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"}]}'::json),
  (1, '{"type":"message","role":"assistant","content":[{"type":"output_text","text":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}'::json)) i (idx, body);
