# The same service on Conversations. Start as many workers as you like: uvicorn after:app --workers 2
import os

from fastapi import FastAPI
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

model = ChatOpenAI(
    model=os.environ["MODEL"],  # The name of an agent.
    base_url=os.environ["CONVERSATIONS_URL"],  # http://127.0.0.1:8080/v1
    use_responses_api=True,
)

app = FastAPI()


class Chat(BaseModel):
    session: str
    input: str
    key: str


@app.post("/")
async def chat(request: Chat):
    answer = await model.ainvoke(
        request.input,
        extra_body={"conversation": request.session, "instructions": "You are a helpful assistant."},
        extra_headers={"Idempotency-Key": request.key},
    )
    return {"answer": answer.text}
