// Calls one method of the stock client: node call.mjs responses.create '{"input":"hi"}'
// Prints the answer as one line of JSON, or each element of a stream or list as a line of its own, as it comes.
import OpenAI from 'openai';

const [path, ...args] = process.argv.slice(2);
const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY });
const steps = path.split('.');
const name = steps.pop();
const target = steps.reduce((at, step) => at[step], client);
const show = (value) => process.stdout.write(JSON.stringify(value) + '\n');

try {
  const answer = await target[name](...args.map((arg) => JSON.parse(arg)));
  if (answer?.[Symbol.asyncIterator]) {
    for await (const element of answer) show(element);
  } else {
    show(answer);
  }
} catch (fault) {
  show({ fault: { kind: fault.constructor.name, status: fault.status, code: fault.code, message: fault.message } });
  process.exitCode = 1;
}
