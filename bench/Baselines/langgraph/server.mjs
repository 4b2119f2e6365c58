// The graph of LangGraph's own first chat example, with its PostgreSQL checkpointer and a model that answers at once.
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { answer, serve } from '../serve.mjs';

serve({
  setup: pool => new PostgresSaver(pool).setup(),
  open: pool => {
    const model = new FakeListChatModel({ responses: [answer] });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addEdge(START, 'model')
      .addEdge('model', END)
      .compile({ checkpointer: new PostgresSaver(pool) });
    return async (session, text) => {
      const { messages } = await graph.invoke({ messages: [{ role: 'user', content: text }] }, { configurable: { thread_id: session } });
      return messages.at(-1).content;
    };
  },
});
