/**
 * Owns the sandbox's population register: asked for one number at a time, what has changed, or to correct something, by
 * those who hold its key.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import { FaultSwitch } from '../faults.ts';
import type { Listener } from '../listener.ts';
import type { PopulationEntry, Registers } from '../registers.ts';
import { createService, serve } from '../service.ts';
import { STYLE } from './clerk-page.ts';
import { PopulationCorrections } from './corrections.ts';

export interface PopulationRegister {
  readonly url: string;
  readonly faults: FaultSwitch;
  readonly corrections: PopulationCorrections;
}

export interface PopulationRegisterSettings {
  readonly listener: Listener;
  readonly registers: Registers;
  /** Bearer key of the one authority that may ask: the hub. */
  readonly key: string;
}

const question = z.strictObject({ number: z.string().regex(/^[0-9]{9,12}$/) });

/** What a reader has heard already: a cursor as it was given, or nothing. */
const sinceWhen = z.strictObject({ since: z.string().regex(/^\d{0,16}$/) });

const digest = (text: string) => createHash('sha256').update(text).digest();

function onlyWithKey(key: string): RequestHandler {
  const expected = digest(`Bearer ${key}`);
  return (request, response, next) => {
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) return next();
    response.status(401).set('www-authenticate', 'Bearer').json({ error: 'unauthorized' });
  };
}

/** What the register tells of a person: everything but the sandbox's own name for them. */
export function recordOf({ key: _key, guardian: _guardian, ...record }: PopulationEntry): Omit<PopulationEntry, 'key'> {
  return record;
}

/** Opens the population register at its listener; it ends when the listener closes. */
export function openPopulationRegister({ listener, registers, key }: PopulationRegisterSettings): PopulationRegister {
  const faults = new FaultSwitch();
  const corrections = new PopulationCorrections(registers);
  const application = createService({ 'style-src': ["'self'"], 'img-src': ['data:'], 'form-action': ["'self'"] });
  application.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  application.use(faults.handler);
  application.use(corrections.routes(onlyWithKey(key)));
  // Asked by POST: a number in an address would end up in logs.
  application.post('/lookup', onlyWithKey(key), express.json({ limit: '1kb' }), (request, response) => {
    const asked = question.safeParse(request.body);
    if (!asked.success) return void response.status(400).json({ error: 'invalid_request' });
    const [holder, ...others] = registers.holdersOf(asked.data.number);
    if (holder === undefined) return void response.status(404).json({ error: 'not_found' });
    if (others.length > 0) return void response.status(409).json({ error: 'ambiguous' });
    response.json({ record: recordOf(holder) });
  });
  application.post('/changes', onlyWithKey(key), express.json({ limit: '1kb' }), (request, response) => {
    const asked = sinceWhen.safeParse(request.body);
    if (!asked.success) return void response.status(400).json({ error: 'invalid_request' });
    const changes = registers.populationChanges.since(Number(asked.data.since));
    const cursor = String(changes.at(-1)?.cursor ?? asked.data.since);
    response.json({ changes: changes.map((one) => ({ ...one, cursor: String(one.cursor) })), cursor: cursor || '0' });
  });
  serve(application, listener);
  return { url: listener.url, faults, corrections };
}
