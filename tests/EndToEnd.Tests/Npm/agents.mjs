// The stock package @openai/agents.
import { Agent, OpenAIConversationsSession, run as runAgent, setTracingDisabled, tool } from '@openai/agents';
import { z } from 'zod';
import { run } from './feature.mjs';

setTracingDisabled(true);
const effects = [];
const weather = tool({
  name: 'weather',
  description: 'The weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => (effects.push(city), `rain in ${city}`),
});
const agent = new Agent({ name: 'Forecaster', instructions: 'Be brief.', model: 'scripted', tools: [weather] });

await run({
  async session({ first, second }) {
    const session = new OpenAIConversationsSession();
    const one = await runAgent(agent, first, { session });
    const two = await runAgent(agent, second, { session });
    const id = await session.getSessionId();
    const items = await session.getItems();
    const newest = await session.getItems(1);
    const popped = await session.popItem();
    const rest = await session.getItems();
    await session.clearSession();
    return { one: one.finalOutput, two: two.finalOutput, id, effects, items, newest, popped, rest };
  },

  async conversation({ session, first, second }) {
    const one = await runAgent(agent, first, { conversationId: session });
    const two = await runAgent(agent, second, { conversationId: session, stream: true });
    let streamed = '';
    for await (const piece of two.toTextStream()) streamed += piece;
    await two.completed;
    return { one: one.finalOutput, two: two.finalOutput, streamed, effects };
  },
});
