/** Owns the calls to a running sandbox's control. */

export interface Holder {
  readonly key: string;
  readonly personalNumber: string | null;
  readonly formerNumbers: readonly string[];
}

/** The control of the sandbox at an address. Every call rejects when it is not answered as it should be. */
export class ControlClient {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** Empties the hub and restores the registers. */
  async reset(): Promise<void> {
    await this.#call('POST', '/reset');
  }

  /** Edits one running register entry. */
  async change(source: string, login: string, change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call('PATCH', `/registers/${source}/${encodeURIComponent(login)}`, change);
  }

  /** The entry somebody signs in with, as it is now: any field may equal the login, there is only one such entry. */
  async entry(source: string, login: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const answer = await this.#call('GET', `/registers/${source}`);
    const entries = (await answer.json()) as readonly Readonly<Record<string, unknown>>[];
    return entries.find((entry) => Object.values(entry).includes(login));
  }

  /** Where a service of the country is. */
  async addressOf(service: string): Promise<string> {
    const addresses = (await (await this.#call('GET', '/addresses')).json()) as Readonly<Record<string, string>>;
    const address = addresses[service];
    if (address === undefined) throw new Error(`there is no ${service} in this sandbox`);
    return address;
  }

  /** Our name for whoever a personal number leads to; `undefined` unless it is exactly one. */
  async personOf(personalNumber: string): Promise<string | undefined> {
    const people = (await (await this.#call('GET', '/registers/population')).json()) as readonly Holder[];
    const holders = people.filter(
      (one) => one.personalNumber === personalNumber || one.formerNumbers.includes(personalNumber),
    );
    return holders.length === 1 ? holders[0]?.key : undefined;
  }

  async #call(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.#address}${path}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`control: ${method} ${path.split('/')[1]} answered ${response.status}`);
    return response;
  }
}
