# A chat service with its memory in a dict. Start as many workers as you like: uvicorn before:app --workers 2
import os

from fastapi import FastAPI
from langchain_core.chat_history import InMemoryChatMessageHistory
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables.history import RunnableWithMessageHistory
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

store: dict[str, InMemoryChatMessageHistory] = {}


def get_session_history(session_id: str) -> InMemoryChatMessageHistory:
    if session_id not in store:
        store[session_id] = InMemoryChatMessageHistory()
    return store[session_id]


prompt = ChatPromptTemplate.from_messages([
    ("system", "You are a helpful assistant."),
    MessagesPlaceholder("history"),
    ("human", "{input}"),
])

chain = RunnableWithMessageHistory(
    prompt | ChatOpenAI(model=os.environ["MODEL"]),
    get_session_history,
    input_messages_key="input",
    history_messages_key="history",
)

app = FastAPI()


class Chat(BaseModel):
    session: str
    input: str


@app.post("/")
async def chat(request: Chat):
    answer = await chain.ainvoke({"input": request.input}, config={"configurable": {"session_id": request.session}})
    return {"answer": answer.content}
