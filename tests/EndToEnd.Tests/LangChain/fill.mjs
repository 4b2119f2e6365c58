// Fills a history with LangChain's own classes: node fill.mjs postgres|redis PREFIX '{"session": [messages as {type, ...}]}'
// Prints, for each session, what the same classes read back: each message as its type and its text.
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { PostgresChatMessageHistory } from '@langchain/community/stores/message/postgres';
import { RedisChatMessageHistory } from '@langchain/redis';
import pg from 'pg';
import { createClient } from 'redis';

const [kind, prefix, sessions] = process.argv.slice(2);
const types = { human: HumanMessage, ai: AIMessage, system: SystemMessage, tool: ToolMessage };
const pool = kind === 'postgres' ? new pg.Pool() : null;
const client = kind === 'redis' ? createClient({ url: process.env.REDIS_URL }) : null;

for (const [session, messages] of Object.entries(JSON.parse(sessions))) {
  const history = pool
    ? new PostgresChatMessageHistory({ tableName: prefix, sessionId: session, pool })
    : new RedisChatMessageHistory({ sessionId: prefix + session, client });
  await history.addMessages(messages.map(({ type, ...fields }) => new types[type](fields)));
  console.log(JSON.stringify({ session, messages: (await history.getMessages()).map((message) => `${message.getType()}: ${message.text}`) }));
}

await pool?.end();
await client?.quit();
