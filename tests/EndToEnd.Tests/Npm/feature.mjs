// Runs one of a script's features: node openai.mjs conversations '{"session":"s-1"}'
// Prints what came of it as one line of JSON.
export async function run(features) {
  const [name, given] = process.argv.slice(2);
  const shown = await features[name](JSON.parse(given ?? '{}'));
  process.stdout.write(JSON.stringify(shown) + '\n');
}

export const baseURL = process.env.BASE_URL;
export const apiKey = process.env.API_KEY;

// What a call is refused with, in the client's own classes.
export async function refusal(call) {
  try {
    await call();
    return null;
  } catch (fault) {
    return { kind: fault.constructor.name, status: fault.status ?? fault.statusCode, code: fault.code, param: fault.param, message: fault.message };
  }
}

export async function all(iterable) {
  const elements = [];
  for await (const element of iterable) elements.push(element);
  return elements;
}
