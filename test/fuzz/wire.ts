/** Owns how tests send any request at all to an API of the hub, and hold the answer against its description. */
import { Pool } from 'undici';
import { type Answer, objectionsTo } from '../description.ts';

export type Headers = Readonly<Record<string, string>>;

/** One request as it goes over the wire. */
export interface Wire {
  readonly method: string;
  /** With its query, encoded as it is. */
  readonly path: string;
  readonly headers: Headers;
  readonly body?: string;
}

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly type: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the operation answers with
  readonly body: any;
}

export class Asker {
  readonly #pool: Pool;

  constructor(country: { readonly hub: string }) {
    this.#pool = new Pool(country.hub, { connections: 4 });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async send({ method, path, headers, body }: Wire): Promise<Told> {
    const answer = await this.#pool.request({ method: method as 'GET', path, headers, ...(body ? { body } : {}) });
    const text = await answer.body.text();
    const type = String(answer.headers['content-type'] ?? '').split(';')[0]!;
    const isJson = type === 'application/json' && text !== '';
    return {
      status: answer.statusCode,
      headers: answer.headers,
      type,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }
}

/** What of an answer is not as described, or tells more than it should. */
export function objectionsToAnswer(
  answers: Readonly<Record<string, Answer | undefined>>,
  told: Told,
  method = 'GET',
): readonly unknown[] {
  const answer = told.status === 500 ? undefined : answers[told.status];
  if (answer === undefined) return [`status ${told.status}`];
  const media = answer.content?.[told.type];
  const isEmpty = answer.content === undefined && told.text === '' && told.type === '';
  const header = (name: string) => String(told.headers[name] ?? '');
  return [
    ...(media === undefined && !isEmpty ? [`type ${told.type}`] : []),
    ...(media && told.type === 'application/json' && told.body === undefined && method !== 'HEAD' ? ['no body'] : []),
    ...(media && told.body !== undefined ? objectionsTo(media.schema, told.body) : []),
    ...(header('cache-control').includes('no-store') ? [] : ['it may be kept']),
    ...(header('x-content-type-options') === 'nosniff' ? [] : ['its type may be guessed']),
    ...(told.status === 401 && header('www-authenticate') === '' ? ['no challenge'] : []),
    ...(told.status === 405 && header('allow') === '' ? ['no method is named'] : []),
    ...('x-powered-by' in told.headers || 'etag' in told.headers ? ['it tells too much'] : []),
  ];
}
