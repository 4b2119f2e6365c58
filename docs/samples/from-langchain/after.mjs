// The same service on Conversations. Start as many workers as you like: PORT=3001 node after.mjs
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { ChatOpenAI } from '@langchain/openai';

const chat = (session) =>
  new ChatOpenAI({
    model: process.env.MODEL, // The name of an agent.
    useResponsesApi: true,
    configuration: { baseURL: process.env.CONVERSATIONS_URL }, // http://127.0.0.1:8080/v1
    modelKwargs: { conversation: session, instructions: 'You are a helpful assistant.' },
  });

createServer(async (request, response) => {
  const { session, input, key } = await json(request);
  for await (const chunk of await chat(session).stream(input, { options: { headers: { 'Idempotency-Key': key } } })) response.write(chunk.text);
  response.end();
}).listen(process.env.PORT, '127.0.0.1', () => console.log('ready'));
