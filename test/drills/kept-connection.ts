/** Owns one connection that is kept open as a proxy keeps it: asked again and again, until the hub says that it ends. */
import { Agent, request } from 'node:http';

/** Asks over one connection until an answer says that it is the last one; how many it was. Rejects when it is cut instead. */
export async function untilToldToEnd(address: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let answers = 1; ; answers += 1) {
      const { connection, reused } = await ask(address, agent);
      if (reused !== answers > 1) throw new Error(`cut after ${answers - 1} answers`);
      if (connection === 'close') return answers;
    }
  } finally {
    agent.destroy();
  }
}

function ask(address: string, agent: Agent): Promise<{ connection: string | undefined; reused: boolean }> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { agent }, (answer) => {
      const { connection } = answer.headers;
      answer.resume().once('end', () => resolve({ connection, reused: asked.reusedSocket }));
      if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
    });
    asked.once('error', reject).end();
  });
}

/** A request of which the hub has the headers, and no body yet. */
export interface Half {
  finish(): Promise<{ readonly status: number; readonly body: string }>;
}

/** Begins to send a form; resolves when the hub has said that it wants the rest. */
export function beginToSend(
  address: string,
  fields: Readonly<Record<string, string>>,
  also: Readonly<Record<string, string>> = {},
): Promise<Half> {
  const body = new URLSearchParams(fields).toString();
  const headers = {
    ...also,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length,
    expect: '100-continue',
  };
  return new Promise((resolve, reject) => {
    const begun = request(address, { method: 'POST', agent: false, headers });
    const answered = new Promise<{ status: number; body: string }>((answer, fail) => {
      begun.once('error', fail).once('response', async (response) => {
        const text = (await response.setEncoding('utf8').toArray()).join('');
        answer({ status: response.statusCode ?? 0, body: text });
      });
    });
    answered.catch(reject);
    begun.once('continue', () => {
      const finish = () => {
        begun.end(body);
        return answered;
      };
      resolve({ finish });
    });
    begun.flushHeaders();
  });
}
