// What the baselines on Node.js have in common: their options, and POST /turn.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import pg from 'pg';

const { values: options } = parseArgs({
  options: {
    'connection-host': { type: 'string', default: '127.0.0.1' },
    'connection-port': { type: 'string', default: '5432' },
    user: { type: 'string', default: 'postgres' },
    database: { type: 'string', default: 'postgres' },
    port: { type: 'string' },
    workers: { type: 'string', default: '1' },
  },
});

/** What every null model says. */
export const answer = 'a'.repeat(200);

/**
 * Serves turns until SIGTERM.
 * @param setup makes the tables: (pool) => Promise
 * @param open gives what has a turn: (pool) => (session, text) => Promise of the answer
 */
export async function serve({ setup, open }) {
  const workers = Number(options.workers);
  const pool = new pg.Pool({
    host: options['connection-host'],
    port: Number(options['connection-port']),
    user: options.user,
    database: options.database,
  });
  if (cluster.isPrimary) await setup(pool);
  if (cluster.isPrimary && workers > 1) {
    let listening = 0;
    cluster.on('listening', () => ++listening === workers && console.log('ready'));
    for (let i = 0; i < workers; i++) cluster.fork();
    process.on('SIGTERM', () => {
      for (const worker of Object.values(cluster.workers)) worker.kill();
      process.exit(0);
    });
    return;
  }

  const say = open(pool);
  const server = createServer(async (request, response) => {
    try {
      if (request.method !== 'POST' || request.url !== '/turn') return void response.writeHead(404).end();
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { session, text } = JSON.parse(Buffer.concat(chunks));
      const body = JSON.stringify({ text: await say(session, text) });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
    } catch (fault) {
      console.error(fault);
      response.writeHead(500).end();
    }
  });
  server.listen(Number(options.port), '127.0.0.1', () => cluster.isPrimary && console.log('ready'));
  process.on('SIGTERM', () => process.exit(0));
}
