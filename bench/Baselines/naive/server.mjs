// The history as one JSON value: read, extended, written back. Two turns at once lose one of them.
import { answer, serve } from '../serve.mjs';

serve({
  setup: pool => pool.query('create table if not exists history (session text primary key, messages json not null)'),
  open: pool => async (session, text) => {
    const { rows } = await pool.query('select messages from history where session = $1', [session]);
    const messages = [...(rows[0]?.messages ?? []), { role: 'user', content: text }, { role: 'assistant', content: answer }];
    await pool.query(
      'insert into history (session, messages) values ($1, $2) on conflict (session) do update set messages = excluded.messages',
      [session, JSON.stringify(messages)],
    );
    return answer;
  },
});
