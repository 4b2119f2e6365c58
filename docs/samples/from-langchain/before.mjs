// A chat service with its memory in a dict. Start as many workers as you like: PORT=3001 node before.mjs
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { InMemoryChatMessageHistory } from '@langchain/core/chat_history';
import { ChatPromptTemplate, MessagesPlaceholder } from '@langchain/core/prompts';
import { RunnableWithMessageHistory } from '@langchain/core/runnables';
import { ChatOpenAI } from '@langchain/openai';

const store = {};

const prompt = ChatPromptTemplate.fromMessages([
  ['system', 'You are a helpful assistant.'],
  new MessagesPlaceholder('history'),
  ['human', '{input}'],
]);

const model = new ChatOpenAI({
  model: process.env.MODEL,
  configuration: { baseURL: process.env.OPENAI_BASE_URL },
});

const chain = new RunnableWithMessageHistory({
  runnable: prompt.pipe(model),
  getMessageHistory: (session) => (store[session] ??= new InMemoryChatMessageHistory()),
  inputMessagesKey: 'input',
  historyMessagesKey: 'history',
});

createServer(async (request, response) => {
  const { session, input } = await json(request);
  for await (const chunk of await chain.stream({ input }, { configurable: { sessionId: session } })) response.write(chunk.text);
  response.end();
}).listen(process.env.PORT, '127.0.0.1', () => console.log('ready'));
