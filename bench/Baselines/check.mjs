// See check.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import pg from 'pg';

const { values: options, positionals: [name] } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(['connection-host', 'connection-port', 'user', 'port', 'workers'].map(key => [key, { type: 'string' }])),
    seconds: { type: 'string', default: '3' },
  },
});
const sessions = 64;
const messagesOf = {
  aspnet: 'select count(*) from conversations.item',
  list: `select sum(json_array_length(convert_from(payload, 'UTF8')::json -> '$values')) from stock.grain_state`,
  langgraph: `select sum(json_array_length(convert_from(blob, 'UTF8')::json)) from (
    select distinct on (thread_id) blob from checkpoint_blobs where channel = 'messages' order by thread_id, version::numeric desc) newest`,
  langchain: 'select count(*) from langchain_chat_histories',
  naive: 'select sum(json_array_length(messages)) from history',
};
const server = { host: options['connection-host'], port: Number(options['connection-port']), user: options.user };
const database = `baseline_${name}`;
const agent = new Agent({ keepAlive: true, maxSockets: sessions });

async function ask(sql, on = database) {
  const client = new pg.Client({ ...server, database: on });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

async function say(session) {
  const call = request({ agent, host: '127.0.0.1', port: options.port, path: '/turn', method: 'POST', headers: { 'content-type': 'application/json' } });
  call.end(JSON.stringify({ session, text: 'q'.repeat(200) }));
  const [response] = await once(call, 'response');
  const body = await new Response(response).text();
  if (response.statusCode !== 200 || JSON.parse(body).text.length !== 200) throw new Error(`${response.statusCode} ${body}`);
}

await ask(`create database ${database}`, 'postgres');
const { seconds, ...passed } = options;
const started = spawn(
  new URL(`${name}/start`, import.meta.url).pathname,
  [...Object.entries(passed).flatMap(([key, value]) => [`--${key}`, value]), '--database', database],
  { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(createInterface(started.stdout), 'line');
  if (line !== 'ready') throw new Error(line);
  const end = performance.now() + seconds * 1000;
  const counts = await Promise.all(Array.from({ length: sessions }, async (_, i) => {
    let turns = 0;
    for (; performance.now() < end; turns++) await say(`s${i}`);
    return turns;
  }));
  const turns = counts.reduce((sum, count) => sum + count);
  const messages = Number(Object.values(await ask(messagesOf[name]))[0]);
  console.log(`${name}: ${turns} turns, about ${Math.round(turns / seconds)} a second; ${messages} messages in PostgreSQL`);
  if (messages !== 2 * turns) process.exitCode = 1;
} finally {
  started.kill();
  await once(started, 'exit');
  agent.destroy();
  await ask(`drop database ${database} with (force)`, 'postgres');
}
