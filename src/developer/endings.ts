/**
 * Owns that no secret and no key ends unnoticed: its agency is warned 60, 30 and 7 days before, and told when it has ended.
 * That it opens nothing any more is seen to where it is used, by the clock. Of all processes one looks at a time.
 */
import { setInterval } from 'node:timers';
import { credentialEnded, credentialEnds } from '../../views/texts/developer/letters.ts';
import { Lease } from '../background/lease.ts';
import { dateInVietnam } from '../calendar.ts';
import { Refusal } from '../errors.ts';
import { mailMessage } from '../messaging/carriers.ts';
import { type Message, StoreUnavailable } from '../store.ts';
import { countWithinHour } from './hourly.ts';
import type { DeveloperParts } from './parts.ts';
import { type Agency, type Credential, clientIdOf, ENVIRONMENTS, type Environment, type Service } from './ports.ts';
import { DAY, ENDED, saveService, WARNINGS } from './saving.ts';
import { trailEntry } from './trail.ts';

/** Milliseconds between looks, seconds for which one process has the work, services looked at in one go. */
const INTERVAL = 60 * 60 * 1000;
const LEASE = 2 * 60 * 60;
const AT_ONCE = 50;
/** Letters to one address in an hour: it is written by whoever writes a draft, and nobody has looked whose it is. */
const MOST_TO_ADDRESS = 40;

interface Due {
  readonly environment: Environment;
  readonly credential: Credential;
  /** Days before its end, of those that have come the last; 0 when it has ended. */
  readonly days: number;
}

export type EndingsParts = Pick<
  DeveloperParts,
  'store' | 'clients' | 'sandbox' | 'wake' | 'configuration' | 'clock' | 'log'
>;

export class CredentialEndings {
  readonly #parts: EndingsParts;
  readonly #lease: Lease;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: EndingsParts) {
    this.#parts = parts;
    this.#lease = new Lease(parts.store.state, 'credential endings', LEASE);
  }

  /** Looks now, and then again and again. Returns at once. */
  start(): void {
    const look = () => {
      this.#round = this.#round.then(() => this.#lookInTurn());
    };
    look();
    this.#timer = setInterval(look, INTERVAL).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    await this.#lease.release().catch(() => {});
  }

  async #lookInTurn(): Promise<void> {
    try {
      if (await this.#lease.hold()) await this.look();
    } catch (cause) {
      this.#parts.log(cause instanceof StoreUnavailable ? cause.code : 'internal_error', { cause });
    }
  }

  /** Warns of all that ends soon, and closes what has ended. */
  async look(): Promise<void> {
    const { store, clock } = this.#parts;
    const { developer } = store;
    const now = clock();
    let listed = await developer.services.ending(now, AT_ONCE);
    while (listed.length > 0) {
      let written = 0;
      for (const { service } of listed) {
        const agency = await developer.agencies.find(service.agency);
        if (agency !== undefined && (await this.#tell(service, agency, now))) written += 1;
      }
      // Who is being edited by somebody just now comes at the next look.
      if (written === 0) return;
      listed = await developer.services.ending(now, AT_ONCE);
    }
  }

  /** Writes down what is told and tells it, together. `false` when somebody else wrote the service meanwhile. */
  async #tell(service: Service, agency: Agency, now: number): Promise<boolean> {
    const due = ENVIRONMENTS.flatMap((environment) =>
      service[environment].credentials.flatMap((credential) => dueOf(environment, credential, now)),
    );
    // It was found by what others wrote meanwhile: at the next look nothing of it is found.
    if (due.length === 0) return false;
    const told = new Map(due.map((one) => [one.credential.id, one.days]));
    const noted = (credential: Credential): Credential => {
      const days = told.get(credential.id);
      // Once for all that have passed: who is told "in 7 days" need not hear of 30.
      return days === undefined
        ? credential
        : { ...credential, warned: [...WARNINGS, ENDED].filter((one) => one >= days) };
    };
    const standing = <S extends Service['sandbox']>(one: S): S => ({ ...one, credentials: one.credentials.map(noted) });
    const hub = { account: 'hub', through: 'hub', now } as const;
    const by = (one: Due) =>
      `${one.environment}.${one.credential.kind}_${one.days === ENDED ? 'ran_out' : 'warned_of'}`;
    try {
      await saveService(this.#parts, {
        service: { ...service, sandbox: standing(service.sandbox), production: standing(service.production) },
        agency,
        trail: due.map((one) =>
          trailEntry(hub, {
            agency: agency.id,
            service: service.id,
            action: by(one),
            after: { credential: one.credential.id, days: one.days },
          }),
        ),
        messages: await this.#letters(service, agency, due, now),
      });
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'edited_meanwhile') return false;
      throw error;
    }
  }

  /** To everybody who can do something about it: those who build, those who own, and whoever the agency named. */
  async #letters(service: Service, agency: Agency, due: readonly Due[], now: number): Promise<Message[]> {
    const { store, configuration } = this.#parts;
    if (configuration.mail === undefined) return [];
    const accounts = agency.members.filter(({ role }) => role !== 'reader').map(({ account }) => account);
    const people = await store.developer.accounts.among(accounts);
    const drafts = ENVIRONMENTS.flatMap((environment) => service[environment].draft?.contact.mail || []);
    const addresses = new Set([agency.contact.mail, ...drafts, ...[...people.values()].map(({ mail }) => mail)]);
    const messages = due.flatMap(({ environment, credential, days }) => {
      const facts = {
        client: clientIdOf(service.id, environment),
        kind: credential.kind,
        // Fewer than it is warned of at, where nobody had looked for a while.
        days: Math.ceil((credential.endsAt - now) / DAY),
        day: dateInVietnam(credential.endsAt),
        address: `${configuration.issuer}/developer/services/${service.id}/${environment}/credentials`,
      };
      const letter = days === ENDED ? credentialEnded(facts) : credentialEnds(facts);
      return [...addresses].map((address) => ({ address, message: mailMessage(address, letter) }));
    });
    const sent: Message[] = [];
    for (const { address, message } of messages)
      if ((await countWithinHour(this.#parts, `endings to ${address.toLowerCase()}`, MOST_TO_ADDRESS)) === 0)
        sent.push(message);
    return sent;
  }
}

/** What has to be told of a credential by now, once. */
function dueOf(environment: Environment, credential: Credential, now: number): Due[] {
  const { endsAt, warned } = credential;
  const come = [...WARNINGS, ENDED].filter((days) => endsAt - days * DAY <= now);
  const days = come.at(-1);
  return days === undefined || warned.includes(days) ? [] : [{ environment, credential, days }];
}
