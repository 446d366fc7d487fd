/** Owns what somebody says of themselves in the console, and the tokens their scripts use. */
import { randomUUID } from 'node:crypto';
import type { Language } from '../../../views/pages.ts';
import { moment } from '../../calendar.ts';
import { Refusal } from '../../errors.ts';
import { isMailAddress } from '../../messaging/mail-address.ts';
import { newToken } from '../actor.ts';
import type { Operations } from '../operations.ts';
import type { DeveloperParts } from '../parts.ts';
import type { Account, ApiToken, TokenScope } from '../ports.ts';
import { Objections } from '../refusals.ts';

const DAY = 24 * 60 * 60 * 1000;
const MOST_TOKENS = 20;

export function accountOperations(operations: Operations, { store, vault }: DeveloperParts): void {
  const { developer } = store;

  operations.define('getAccount', 'read', async (actor) => {
    const [account, agencies, registrar] = await Promise.all([
      developer.accounts.find(actor.account),
      developer.agencies.of(actor.account),
      developer.registrars.is(actor.account),
    ]);
    return {
      values: {
        account: actor.account,
        ...(account ? { name: account.name, mail: account.mail } : {}),
        registrar,
        ...(actor.visit ? { acr: actor.visit.authentication.acr } : {}),
        agencies: agencies.map(({ agency, services }) => ({
          id: agency.id,
          name: agency.name,
          role: agency.members.find((one) => one.account === actor.account)!.role,
          services,
        })),
      },
    };
  });

  operations.define('putAccount', 'session', async (actor, { body }) => {
    const { name, mail, language = 'vi' } = body as { name: string; mail: string; language?: Language };
    if (!isMailAddress(mail)) throw new Objections('settings_invalid', [{ field: 'mail', code: 'mail_malformed' }]);
    const person = actor.visit!.person;
    const account: Account = { id: actor.account, person, name: name.trim(), mail, language, since: actor.now };
    await developer.accounts.put(account);
    return { values: { account: actor.account, name: account.name, mail } };
  });

  operations.define('listTokens', 'session', async (actor) => ({
    values: { tokens: (await developer.tokens.of(actor.account)).map(shownToken) },
  }));

  operations.define('createToken', 'session', async (actor, { body }) => {
    const { name, scopes, days } = body as { name: string; scopes: TokenScope[]; days: number };
    if ((await developer.accounts.find(actor.account)) === undefined) throw new Refusal('introduction_needed');
    const own = await developer.tokens.of(actor.account);
    if (own.filter(({ endsAt }) => endsAt > actor.now).length >= MOST_TOKENS) throw new Refusal('limit_reached');
    const { token, hash } = newToken(vault);
    const kept: ApiToken = {
      id: randomUUID(),
      account: actor.account,
      source: actor.visit!.authentication.source,
      name,
      scopes: [...new Set(scopes)],
      createdAt: actor.now,
      endsAt: actor.now + days * DAY,
    };
    await developer.tokens.add(kept, hash, { trail: [] });
    return { status: 201, values: { ...shownToken(kept), token } };
  });

  operations.define('endToken', 'session', async (actor, { params }) => {
    if (!(await developer.tokens.end(actor.account, params.token, { trail: [] }))) throw new Refusal('not_found');
    return { status: 204 };
  });
}

function shownToken({ id, name, scopes, createdAt, endsAt, usedAt }: ApiToken) {
  return {
    id,
    name,
    scopes,
    created: moment(createdAt),
    ends: moment(endsAt),
    ...(usedAt === undefined ? {} : { used: moment(usedAt) }),
  };
}
