/** One sign-in by phone in the store: one push, one poll, one outcome, and nothing after a cancel. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { confirmOnPhone } from '../../../sandbox/mobile-operator/willing-subscriber.ts';
import type { Assertion } from '../../../src/identity/assertion.ts';
import { AN, openPhoneCountry, PATIENT, type PhoneCountry } from './operator-and-hub.ts';

let country: PhoneCountry;
beforeEach(async () => {
  country = await openPhoneCountry();
});
afterEach(() => country.close());

const over = { name: 'Refusal', code: 'request_expired' };
const pushes = () => country.calls.filter(({ body }) => body !== undefined).length;

async function begun(order = AN): Promise<{ id: string; code: string }> {
  const id = randomUUID();
  return { id, code: await country.attempts.begin(id, order) };
}

async function pushed(order = AN): Promise<{ id: string; code: string }> {
  const attempt = await begun(order);
  await country.attempts.push(attempt.id);
  return attempt;
}

async function outcome(id: string): Promise<Assertion> {
  for (;;) {
    const assertion = await country.attempts.poll(id, PATIENT);
    if (assertion !== undefined) return assertion;
  }
}

test('B4 an attempt shows its code, then rings, then ends in an assertion', async () => {
  const { id, code } = await begun();
  expect(await country.attempts.standing(id)).toEqual({ code, sent: false });
  expect(pushes()).toBe(0);
  expect(await country.attempts.poll(id, PATIENT)).toBeUndefined();
  await country.attempts.push(id);
  expect(await country.attempts.standing(id)).toEqual({ code, sent: true });
  await confirmOnPhone(country.operator.url, AN.phone, code);
  expect(await outcome(id)).toMatchObject({ source: 'mobile-id', subject: AN.phone, acr: 'loa3' });
  await expect(country.attempts.standing(id)).rejects.toMatchObject(over);
});

test('B8 a page sent again does not ring again', async () => {
  const { id } = await begun();
  await Promise.all(Array.from({ length: 20 }, () => country.attempts.push(id)));
  expect(pushes()).toBe(1);
  await expect(country.attempts.begin(id, AN)).rejects.toMatchObject(over);
});

test('B8 however many wait, one poll is outstanding, and one of them gets the outcome', async () => {
  const { id } = await pushed();
  const waiting = Promise.allSettled(Array.from({ length: 20 }, () => country.attempts.poll(id, PATIENT)));
  await confirmOnPhone(country.operator.url, AN.phone);
  const outcomes = await waiting;
  expect(Math.max(...country.calls.map(({ underWay }) => underWay))).toBe(1);
  expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  for (const each of outcomes) if (each.status === 'rejected') expect(each.reason).toMatchObject(over);
  await expect(country.attempts.poll(id, PATIENT)).rejects.toMatchObject(over);
});

test('B8 a cancel while polling ends the attempt; a success that comes later is ignored', async () => {
  const { id } = await pushed();
  const waiting = country.attempts.poll(id, PATIENT);
  await wait(100);
  expect(await country.attempts.cancel(id)).toBe(true);
  expect(await country.attempts.cancel(id)).toBe(false);
  await confirmOnPhone(country.operator.url, AN.phone);
  await expect(waiting).rejects.toMatchObject(over);
  await expect(country.attempts.poll(id, PATIENT)).rejects.toMatchObject(over);
});

test('B8 a cancel before the push keeps the phone quiet, one during it leaves nothing to poll', async () => {
  const early = await begun();
  await country.attempts.cancel(early.id);
  await expect(country.attempts.push(early.id)).rejects.toMatchObject(over);
  expect(pushes()).toBe(0);

  const late = await begun();
  const pushing = country.attempts.push(late.id);
  while (pushes() === 0) await wait(1);
  await country.attempts.cancel(late.id);
  await expect(pushing).rejects.toMatchObject(over);
  await expect(country.attempts.poll(late.id, PATIENT)).rejects.toMatchObject(over);
});

test('B8 who stops waiting loses nothing: the outcome is there for the next page', async () => {
  const { id } = await pushed();
  const leaving = new AbortController();
  const waiting = country.attempts.poll(id, leaving.signal);
  await wait(50);
  leaving.abort();
  expect(await waiting).toBeUndefined();
  expect(await country.attempts.poll(id, AbortSignal.abort())).toBeUndefined();
  await confirmOnPhone(country.operator.url, AN.phone);
  expect(await outcome(id)).toMatchObject({ subject: AN.phone });
});

test('B8 an attempt left alone ends by itself', async () => {
  const { id } = await pushed();
  country.pass(5 * 60_000);
  expect(await country.attempts.standing(id)).toBeUndefined();
  await expect(country.attempts.poll(id, PATIENT)).rejects.toMatchObject(over);
});

test('B12 a hundred attempts at once ring a phone once', async () => {
  const attempts = await Promise.all(Array.from({ length: 100 }, () => begun()));
  const tries = await Promise.allSettled(attempts.map(({ id }) => country.attempts.push(id)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of tries)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'too_many_requests' });
  expect(pushes()).toBe(1);
});

test('B12 a cancelled push still rings, so another has to wait', async () => {
  const { id } = await pushed();
  await country.attempts.cancel(id);
  await expect(pushed()).rejects.toMatchObject({ code: 'too_many_requests' });
  country.pass(150_000);
  await pushed();
});

test('B12 a stranger who guesses numbers does not use up the subscriber’s three', async () => {
  for (let guess = 0; guess < 5; guess += 1) {
    const { id } = await pushed({ ...AN, personalNumber: '097090999999' });
    await expect(outcome(id)).rejects.toMatchObject({ code: 'not_a_subscriber' });
  }
  for (let sign = 0; sign < 3; sign += 1) {
    const { id } = await pushed();
    await confirmOnPhone(country.operator.url, AN.phone);
    await outcome(id);
  }
  await expect(pushed()).rejects.toMatchObject({ code: 'too_many_requests' });
});

test('B7 an operator that is down ends the attempt and costs no push', async () => {
  country.operator.faults.set('down');
  for (let failed = 0; failed < 5; failed += 1) {
    const { id } = await begun();
    await expect(country.attempts.push(id)).rejects.toMatchObject({ code: 'source_unavailable' });
    await expect(country.attempts.poll(id, PATIENT)).rejects.toMatchObject(over);
  }
  country.operator.faults.set('none');
  const { id } = await pushed();
  country.operator.faults.set('garbage');
  await expect(country.attempts.poll(id, PATIENT)).rejects.toMatchObject({ code: 'source_unavailable' });
  await expect(country.attempts.poll(id, PATIENT)).rejects.toMatchObject(over);
});
