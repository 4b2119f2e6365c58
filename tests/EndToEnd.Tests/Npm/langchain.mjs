// The stock package @langchain/openai, with its Responses API.
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { apiKey, baseURL, run } from './feature.mjs';

const open = (more) => new ChatOpenAI({ model: 'scripted', useResponsesApi: true, apiKey, configuration: { baseURL }, ...more });
const weather = tool(async ({ city }) => `rain in ${city}`, {
  name: 'weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.string() }),
});

await run({
  async invoke({ session, first, second }) {
    const one = await open().invoke([new SystemMessage('Be brief.'), new HumanMessage('before'), new AIMessage('yes?'), new HumanMessage(first)]);
    const two = await open().invoke([new HumanMessage(second)], { previous_response_id: one.response_metadata.id });
    const named = await open({ modelKwargs: { conversation: session } }).invoke([new HumanMessage(first)]);
    return { one: one.text, usage: one.usage_metadata, id: one.response_metadata.id, two: two.text, named: named.text };
  },

  async stream({ text }) {
    const pieces = [];
    let whole;
    for await (const chunk of await open().stream([new HumanMessage(text)])) {
      pieces.push(chunk.text);
      whole = whole ? whole.concat(chunk) : chunk;
    }
    return { pieces, text: whole.text, usage: whole.usage_metadata };
  },

  async tools({ text }) {
    const model = open().bindTools([weather]);
    const messages = [new HumanMessage(text)];
    const asked = await model.invoke(messages);
    messages.push(asked);
    for (const call of asked.tool_calls) messages.push(await weather.invoke(call));
    const answered = await model.invoke(messages);
    const shorter = await model.invoke(
      asked.tool_calls.map((call) => new ToolMessage({ content: 'snow', tool_call_id: call.id })),
      { previous_response_id: asked.response_metadata.id });
    return { calls: asked.tool_calls, answered: answered.text, shorter: shorter.text };
  },

  async structured({ text }) {
    const shaped = open().withStructuredOutput(z.object({ city: z.string() }), { name: 'place', method: 'jsonSchema' });
    return { shaped: await shaped.invoke(text) };
  },
});
