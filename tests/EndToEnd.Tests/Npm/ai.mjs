// The stock packages ai and @ai-sdk/open-responses.
import { createOpenResponses } from '@ai-sdk/open-responses';
import { generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { all, apiKey, baseURL, refusal, run } from './feature.mjs';

const model = createOpenResponses({ name: 'conversations', url: `${baseURL}/responses`, apiKey })('scripted');
const effects = [];
const tools = {
  weather: tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => (effects.push(city), `rain in ${city}`),
  }),
};

await run({
  async generate({ text }) {
    const { text: answer, usage, finishReason, response } = await generateText({ model, system: 'Be brief.', prompt: text });
    return { answer, usage, finishReason, id: response.id };
  },

  async stream({ text }) {
    const result = streamText({ model, messages: [{ role: 'user', content: 'before' }, { role: 'assistant', content: 'yes?' }, { role: 'user', content: text }] });
    const pieces = await all(result.textStream);
    return { pieces, finishReason: await result.finishReason, usage: await result.usage };
  },

  async tools({ text }) {
    const { text: answer, steps } = await generateText({ model, tools, stopWhen: stepCountIs(3), prompt: text });
    return { answer, steps: steps.map((step) => step.content.map((part) => part.type)), effects };
  },

  async streamTools({ text }) {
    const result = streamText({ model, tools, stopWhen: stepCountIs(3), prompt: text });
    const parts = await all(result.fullStream);
    return { answer: await result.text, parts: parts.map((part) => part.type), effects };
  },

  async object({ text }) {
    const shaped = await generateText({ model, output: Output.object({ schema: z.object({ city: z.string() }) }), prompt: text });
    const free = await generateText({ model, output: Output.json(), prompt: text });
    return { shaped: shaped.output, free: free.output };
  },

  async refusals() {
    return { model: await refusal(() => generateText({ model: createOpenResponses({ name: 'x', url: `${baseURL}/responses`, apiKey })('nobody'), prompt: 'hi' })) };
  },
});
