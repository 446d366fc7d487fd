/** Owns an authority's passwords: kept under argon2id, compared without telling who exists. */
import argon2 from 'argon2';

/**
 * OWASP's first choice for argon2id (19 MiB, two passes, one lane): about 25 ms on a small machine. Honest enough for a
 * register, light enough that a whole trial of sign-ins stays bearable.
 */
const HONEST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** As little as the function allows: where thousands sign in and nobody has a database to steal. */
const QUICK = { ...HONEST, memoryCost: 1_024 } as const;
let parameters: typeof HONEST | typeof QUICK = HONEST;

/** Whether from here on a password of this process costs next to nothing. For tests only. */
export function makePasswordsQuick(quick: boolean): void {
  parameters = quick ? QUICK : HONEST;
}

/** Verified for accounts that do not exist, so that they take as long as those that do. */
const NOBODYS_PASSWORD = 'no account has this password';

/**
 * Hashes of passwords, one for each distinct password. A real register would salt each account; here all citizens of the
 * sandbox share one published password, and hashing it once keeps the start short however many accounts a folder holds.
 */
export class Passwords {
  readonly #hashes = new Map<string, Promise<string>>();

  /** Hashes ahead of the first sign-in; what is not prepared is hashed when first needed. */
  async prepare(passwords: Iterable<string>): Promise<void> {
    await Promise.all([NOBODYS_PASSWORD, ...new Set(passwords)].map((password) => this.#hashOf(password)));
  }

  /** Tells whether `typed` is the password on record; `undefined` stands for an unknown account and is never right. */
  async matches(typed: string, onRecord: string | undefined): Promise<boolean> {
    const right = await argon2.verify(await this.#hashOf(onRecord ?? NOBODYS_PASSWORD), typed);
    return right && onRecord !== undefined;
  }

  #hashOf(password: string): Promise<string> {
    let hash = this.#hashes.get(password);
    if (hash === undefined) {
      hash = argon2.hash(password, parameters);
      this.#hashes.set(password, hash);
    }
    return hash;
  }
}
