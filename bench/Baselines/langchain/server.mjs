// LangChain's chain with a history, the history in PostgreSQL, and a model that answers at once.
import { PostgresChatMessageHistory } from '@langchain/community/stores/message/postgres';
import { HumanMessage } from '@langchain/core/messages';
import { RunnableWithMessageHistory } from '@langchain/core/runnables';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { answer, serve } from '../serve.mjs';

serve({
  setup: pool => new PostgresChatMessageHistory({ sessionId: 'setup', pool }).getMessages(),
  open: pool => {
    const chain = new RunnableWithMessageHistory({
      runnable: new FakeListChatModel({ responses: [answer] }),
      getMessageHistory: sessionId => new PostgresChatMessageHistory({ sessionId, pool }),
    });
    return async (session, text) => (await chain.invoke([new HumanMessage(text)], { configurable: { sessionId: session } })).content;
  },
});
