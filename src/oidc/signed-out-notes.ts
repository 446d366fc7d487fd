/** Owns what the page after a sign-out knows: the session is gone by then, so who was left is noted for a while. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Source, signsOut } from '../../providers/source.ts';
import type { SignedOutAgency, SignedOutSource } from '../../views/pages.ts';
import type { Clients } from '../clients.ts';
import { shownService } from '../shown-service.ts';
import type { Json, ProtocolState } from '../store.ts';
import type { BackChannelLogout, LeftClient } from './back-channel-logout.ts';

const KIND = 'SignedOutNote';
/** The page waits so often, so many milliseconds, for agencies that are about to answer. */
const LOOKS = 4;
const BETWEEN_LOOKS = 120;
/** Seconds: as long as somebody looks at the page and loads it again to see who has been told. */
const KEPT = 15 * 60;

/** Milliseconds the page waits for sources to say where one signs out there. */
const PATIENCE = 1_500;

/** What a session that ended had been used for. */
export interface Left {
  readonly clients: readonly LeftClient[];
  /** Ids of the sources its sign-ins were made at. */
  readonly sources: readonly string[];
}

export class SignedOutNotes {
  readonly #state: ProtocolState;
  readonly #clients: Clients;
  readonly #logout: BackChannelLogout;
  readonly #sources: () => ReadonlyMap<string, Source>;

  constructor(
    state: ProtocolState,
    clients: Clients,
    logout: BackChannelLogout,
    sources: () => ReadonlyMap<string, Source>,
  ) {
    this.#sources = sources;
    this.#state = state;
    this.#clients = clients;
    this.#logout = logout;
  }

  /** The name of a note about these; `undefined` when there is nothing to note. */
  async write(left: Left): Promise<string | undefined> {
    if (left.clients.length + left.sources.length === 0) return undefined;
    const name = randomBytes(24).toString('base64url');
    await this.#state.put(KIND, name, left as unknown as Json, KEPT);
    return name;
  }

  /** Whom a note names, and whether they have been told by now. Whoever has no note, or an old one, learns of nobody. */
  async read(name: string | undefined): Promise<{ agencies: SignedOutAgency[]; sources: SignedOutSource[] }> {
    const kept = name === undefined ? undefined : await this.#state.get(KIND, name);
    if (kept === undefined) return { agencies: [], sources: [] };
    const { clients, sources } = kept.value as unknown as Left;
    const [agencies, offering] = await Promise.all([this.#agencies(clients), this.#sourcesOffering(sources)]);
    return { agencies, sources: offering };
  }

  async #agencies(left: readonly LeftClient[]): Promise<SignedOutAgency[]> {
    let results = await this.#logout.result(left);
    for (let look = 1; look < LOOKS && [...results.values()].includes('waiting'); look += 1) {
      await pause(BETWEEN_LOOKS);
      results = await this.#logout.result(left);
    }
    return [...results].flatMap(([id, told]) => {
      const client = this.#clients.get(id);
      return client === undefined ? [] : [{ ...shownService(client), told }];
    });
  }

  /** The sources signed in at that offer a sign-out of their own. */
  async #sourcesOffering(ids: readonly string[]): Promise<SignedOutSource[]> {
    const signal = AbortSignal.timeout(PATIENCE);
    const found = await Promise.all(
      ids.map(async (id): Promise<SignedOutSource[]> => {
        const source = this.#sources().get(id);
        const address = source && signsOut(source) ? await source.signOutAddress(signal) : undefined;
        return source && address ? [{ name: source.card.name, address: address.href }] : [];
      }),
    );
    return found.flat();
  }
}
