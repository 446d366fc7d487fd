/** Owns the tests of what a person does with their sessions from the outside, while browsers go on using them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Visitor } from '../../sandbox/visitor.ts';
import type { LeftClient } from '../../src/oidc/back-channel-logout.ts';
import { endSessionsThrough, handleOf, leaveClient, sessionsOf, touchSession } from '../../src/oidc/own-sessions.ts';
import { groupOf, SESSION_IDLE, type SessionEnded, type SessionPayload, sessionByUid } from '../../src/oidc/session.ts';
import { mergeSessions } from '../../src/oidc/session-merge.ts';
import type { Json, ProtocolState } from '../../src/store.ts';
import { AN, openTestCountry, type TestCountry } from '../country.ts';
import { tokensOf, userinfo } from './redeeming.ts';
import { atSecond } from './time.ts';

let country: TestCountry;
let state: ProtocolState;
beforeAll(async () => {
  country = await openTestCountry([{ client_id: 'one' }, { client_id: 'other' }]);
});
afterAll(() => country.close());
beforeEach(async () => {
  await country.reset();
  ({ state } = country.runningHub().store);
});

const person = async () => (await country.runningHub().store.people.findLink('tax-code', AN.taxCode))!.person;
const only = async () => (await sessionsOf(state, await person()))[0]!;
const write = (session: SessionPayload, lifetime = 600) =>
  state.put('Session', session.uid, session as unknown as Json, lifetime, groupOf(session.accountId!));

/** Hears whom somebody wants told, and does something first. */
function ear(first: () => Promise<unknown> = async () => {}) {
  const heard: LeftClient[] = [];
  const tell = async (_person: string, left: readonly LeftClient[]) => {
    await first();
    heard.push(...left);
    return left.length;
  };
  return { heard, tell };
}

describe('leaving a client', () => {
  test('in every session, told once each before it is taken out; the other client stays', async () => {
    const [here, there] = [new Visitor(), new Visitor()];
    for (const visitor of [here, there]) await tokensOf(country, 'one', {}, { visitor });
    const elsewhere = await tokensOf(country, 'other', {}, { visitor: here });
    const stillThere: boolean[] = [];
    const { heard, tell } = ear(async () => {
      for (const { authorizations } of await sessionsOf(state, await person()))
        stillThere.push(authorizations?.one !== undefined);
    });
    expect(await leaveClient(state, await person(), 'one', tell)).toBe(2);
    expect(heard.map(({ client }) => client)).toEqual(['one', 'one']);
    expect(new Set(heard.map(({ sid }) => sid)).size).toBe(2);
    expect(stillThere.slice(0, 2)).toEqual([true, true]);
    const left = (await sessionsOf(state, await person())).map(({ authorizations }) => Object.keys(authorizations!));
    expect(left.sort()).toEqual([[], ['other']]);
    expect((await userinfo(country, elsewhere.access)).status).toBe(200);
    expect(await leaveClient(state, await person(), 'one', tell)).toBe(0);
    expect(heard).toHaveLength(2);
  });

  test('while another tab writes the session: it is told once, and both get their way', async () => {
    await tokensOf(country, 'one');
    const session = await only();
    let writes = 0;
    const busy = {
      ...state,
      get: state.get.bind(state),
      inGroup: state.inGroup.bind(state),
      replace: async (...given: Parameters<ProtocolState['replace']>) => {
        writes += 1;
        if (writes < 3) await write({ ...(await sessionByUid(state, session.uid))!, acr: `loa${writes}` });
        return state.replace(...given);
      },
    };
    const { heard, tell } = ear();
    expect(await leaveClient(busy, await person(), 'one', tell)).toBe(1);
    expect(heard).toHaveLength(1);
    expect(await sessionByUid(state, session.uid)).toMatchObject({ acr: 'loa2', authorizations: {} });
  });

  test('a tab that read the session before does not bring it back, by whatever else it writes', async () => {
    await tokensOf(country, 'one');
    const base = await only();
    await leaveClient(state, await person(), 'one', ear().tell);
    const now = (await sessionByUid(state, base.uid))!;
    const tab = { ...base, authorizations: { ...base.authorizations, other: { sid: 'sid', persistsLogout: true } } };
    const merged = mergeSessions(base, tab, now);
    expect(Object.keys(merged.authorizations!)).toEqual(['other']);
    expect(Object.keys(merged.authentications!)).toEqual(Object.keys(base.authentications!));
    // Whoever signs in there anew meanwhile is there anew.
    const again = { ...base, authorizations: { one: { ...base.authorizations!.one!, grantId: 'another' } } };
    expect(Object.keys(mergeSessions(base, again, now).authorizations!)).toEqual(['one']);
  });

  test('one that nobody told of a session hears nothing of it', async () => {
    await tokensOf(country, 'one');
    const session = await only();
    await write({ ...session, authorizations: { begun: { grantId: 'no-code-yet' } } });
    const { heard, tell } = ear();
    expect(await leaveClient(state, await person(), 'begun', tell)).toBe(0);
    expect(heard).toEqual([]);
    expect((await sessionByUid(state, session.uid))!.authorizations).toEqual({});
  });
});

describe('ending what one way began', () => {
  test('only sessions that hold an authentication by it', async () => {
    await tokensOf(country, 'one');
    const [before] = [await only()];
    const ended: string[] = [];
    const tellEnd: SessionEnded = {
      before: async ({ uid }) => void ended.push(`before ${uid}`),
      after: async ({ uid }) => void ended.push(`after ${uid}`),
    };
    expect(await endSessionsThrough(state, await person(), 'mobile-id', tellEnd)).toEqual([]);
    expect(await endSessionsThrough(state, await person(), 'tax-code', tellEnd)).toMatchObject([{ uid: before.uid }]);
    expect(ended).toEqual([`before ${before.uid}`, `after ${before.uid}`]);
    expect(await sessionsOf(state, await person())).toEqual([]);
  });
});

describe('what a page shows of a session', () => {
  test('names it by nothing that opens it', async () => {
    await tokensOf(country, 'one');
    const session = await only();
    expect(handleOf(session)).toMatch(/^[\w-]{22}$/);
    expect(handleOf(session)).toBe(handleOf({ uid: session.uid }));
    expect(session.uid).not.toContain(handleOf(session));
    expect(handleOf({ uid: 'another' })).not.toBe(handleOf(session));
  });
});

describe('a session that is in use', () => {
  const minutesLeft = async (uid: string) =>
    Math.round(((await sessionByUid(state, uid))!.exp - Date.now() / 1000) / 60);

  test('lives on when five minutes have passed, and is not written before', async () => {
    await tokensOf(country, 'one');
    const session = await only();
    await atSecond(4 * 60, async () => {
      await touchSession(state, session);
      expect(await minutesLeft(session.uid)).toBe(26);
    });
    await atSecond(20 * 60, async () => {
      await touchSession(state, session);
      expect(await minutesLeft(session.uid)).toBe(SESSION_IDLE / 60);
    });
    await atSecond(40 * 60, async () => expect(await minutesLeft(session.uid)).toBe(10));
  });

  test('never beyond twelve hours after the sign-in', async () => {
    await tokensOf(country, 'one');
    const session = await only();
    for (let minutes = 20; minutes < 12 * 60; minutes += 20)
      await atSecond(minutes * 60, async () => touchSession(state, (await sessionByUid(state, session.uid))!));
    await atSecond(12 * 60 * 60 - 90, async () => {
      await touchSession(state, (await sessionByUid(state, session.uid))!);
      expect(await minutesLeft(session.uid)).toBeLessThanOrEqual(2);
    });
    await atSecond(12 * 60 * 60 + 5, async () => expect(await sessionByUid(state, session.uid)).toBeUndefined());
  });

  test('not at a shared computer, nor when it is over', async () => {
    await tokensOf(country, 'one');
    const session = { ...(await only()), sharedComputer: true, exp: Math.floor(Date.now() / 1000) + 60 };
    await write(session);
    await touchSession(state, session);
    expect((await sessionByUid(state, session.uid))!.exp).toBe(session.exp);
    await state.delete('Session', session.uid);
    await touchSession(state, { ...session, sharedComputer: false });
    expect(await sessionByUid(state, session.uid)).toBeUndefined();
  });
});
