// The stock packages ai and @ai-sdk/openai, as they come: what was said before goes along as references to stored items.
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { all, apiKey, baseURL, run } from './feature.mjs';

const sent = [];
const openai = createOpenAI({
  baseURL,
  apiKey,
  fetch: (url, init) => (sent.push(JSON.parse(init.body)), fetch(url, init)),
});
const model = openai('scripted');
const effects = [];
const tools = {
  weather: tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => (effects.push(city), `rain in ${city}`),
  }),
};

// What each request brought: a type, or who said it.
const brought = () => sent.map(({ input }) => input.map((item) => item.type ?? item.role));

await run({
  async turns({ first, second }) {
    const messages = [{ role: 'user', content: first }];
    const one = await generateText({ model, tools, stopWhen: stepCountIs(3), messages });
    messages.push(...one.response.messages, { role: 'user', content: second });
    const two = await generateText({ model, tools, stopWhen: stepCountIs(3), messages });
    messages.push(...two.response.messages, { role: 'user', content: 'bye' });
    const three = streamText({ model, messages });
    const pieces = await all(three.textStream);
    return { answers: [one.text, two.text, pieces.join('')], brought: brought(), effects };
  },
});
