// Sends one request after the other over the stock client's WebSocket: node socket.mjs responses.ws '{"input":"hi"}' '{"previous_response_id":"$last"}'
// "$last" is the id of the last response. Prints each frame as one line of JSON.
import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';

const [, ...requests] = process.argv.slice(2);
const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY });
const socket = new ResponsesWS(client);
let last = '';
const next = () => {
  const request = requests.shift();
  if (request) socket.send({ type: 'response.create', ...JSON.parse(request.replaceAll('$last', last)) });
  else socket.close();
};
const show = (value) => process.stdout.write(JSON.stringify(value) + '\n');

next();
for await (const event of socket.stream()) {
  if (event.type === 'close') break;
  if (event.type === 'error') {
    show(event.error.error);
    next();
  } else if (event.type === 'message') {
    show(event.message);
    if (['response.completed', 'response.failed', 'response.incomplete'].includes(event.message.type)) {
      last = event.message.response.id;
      next();
    }
  }
}
