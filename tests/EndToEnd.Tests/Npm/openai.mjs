// The stock package openai.
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { all, apiKey, baseURL, refusal, run } from './feature.mjs';

const client = new OpenAI({ baseURL, apiKey });
const weather = {
  type: 'function',
  name: 'weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  strict: true,
};

await run({
  async conversations({ words }) {
    const said = words.map((content) => ({ role: 'user', content }));
    const made = await client.conversations.create({ metadata: { topic: 'birds' }, items: said.slice(0, 2) });
    const changed = await client.conversations.update(made.id, { metadata: { topic: 'fish' } });
    const added = await client.conversations.items.create(made.id, { items: said.slice(2) });
    const found = await client.conversations.retrieve(made.id);
    const oldest = await all(client.conversations.items.list(made.id, { order: 'asc', limit: 2 }));
    const newest = await all(client.conversations.items.list(made.id, { limit: 2 }));
    const one = await client.conversations.items.retrieve(oldest[1].id, { conversation_id: made.id });
    const erased = await client.conversations.items.delete(one.id, { conversation_id: made.id });
    const rest = await all(client.conversations.items.list(made.id, { order: 'asc' }));
    const missing = await refusal(() => client.conversations.items.retrieve(one.id, { conversation_id: made.id }));
    const deleted = await client.conversations.delete(made.id);
    const gone = await refusal(() => client.conversations.retrieve(made.id));
    return { made, changed, added, found, oldest, newest, one, erased, rest, missing, deleted, gone };
  },

  async background({ session, text }) {
    let response = await client.responses.create({ conversation: session, input: text, background: true });
    const accepted = response;
    while (response.status === 'queued' || response.status === 'in_progress') response = await client.responses.retrieve(response.id);
    const input = await all(client.responses.inputItems.list(response.id));
    await client.responses.delete(response.id);
    const gone = await refusal(() => client.responses.retrieve(response.id));
    return { accepted, ended: response, text: response.output_text, input, gone };
  },

  async cancel({ session, text }) {
    const accepted = await client.responses.create({ conversation: session, input: text, background: true });
    const cancelled = await client.responses.cancel(accepted.id);
    const again = await client.responses.cancel(accepted.id);
    const events = await all(await client.responses.retrieve(accepted.id, { stream: true }));
    return { accepted, cancelled, again, found: await client.responses.retrieve(accepted.id), events };
  },

  async streamTools({ session, text }) {
    const types = [];
    const first = client.responses
      .stream({ conversation: session, input: text, tools: [weather] })
      .on('event', (event) => types.push(event.type))
      .on('response.function_call_arguments.delta', (event) => (snapshot = event.snapshot));
    let snapshot = '';
    const asked = await first.finalResponse();
    const call = asked.output.find((item) => item.type === 'function_call');
    const result = { type: 'function_call_output', call_id: call.call_id, output: `rain in ${JSON.parse(call.arguments).city}` };
    let last = '';
    const second = client.responses
      .stream({ conversation: session, input: [result], tools: [weather] })
      .on('response.output_text.delta', (event) => (last = event.snapshot));
    const answered = await second.finalResponse();
    return { types, snapshot, asked, answered, last, text: answered.output_text };
  },

  async replay({ session, text }) {
    const live = await all(await client.responses.create({ conversation: session, input: text, stream: true }));
    const id = live[0].response.id;
    const whole = client.responses.stream({ response_id: id });
    const events = await all(whole);
    const final = await whole.finalResponse();
    const after = live[4].sequence_number;
    const rest = await all(client.responses.stream({ response_id: id, starting_after: after }));
    return { live, events: events.map(({ snapshot, ...event }) => event), final, after, rest: rest.map(({ snapshot, ...event }) => event) };
  },

  async parse({ text }) {
    const shape = z.object({ city: z.string(), degrees: z.number() });
    const response = await client.responses.parse({ input: text, text: { format: zodTextFormat(shape, 'forecast') } });
    return { parsed: response.output_parsed, response };
  },

  async refusals({ session, text }) {
    let sent = 0;
    const counting = new OpenAI({ baseURL, apiKey, fetch: (...args) => (sent++, fetch(...args)) });
    const say = (body, headers) => refusal(() => counting.responses.create({ conversation: session, input: 'hi', ...body }, { headers }));
    const key = { 'Idempotency-Key': `key-${session}` };
    await client.responses.create({ conversation: session, input: 'hi' }, { headers: key });
    const shown = {
      parameter: await say({ temperature: 9 }),
      model: await say({ model: 'no-such-model' }),
      key: await refusal(() => new OpenAI({ baseURL, apiKey: 'no-such-key' }).models.list()),
      response: await refusal(() => counting.responses.retrieve('resp_nothing')),
      previous: await say({ conversation: undefined, previous_response_id: 'resp_nothing' }),
      reused: await say({ input: 'else' }, key),
    };
    const held = await client.responses.create({ conversation: session, input: text, background: true });
    shown.busy = await say({}, { 'X-Overlap-Policy': 'reject' });
    await client.responses.cancel(held.id);
    return { shown, sent };
  },
});
