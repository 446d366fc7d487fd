/** Owns the levers of the sandbox: empty the hub, edit a register, make a service fail. For programs on this machine. */
import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import { FAULTS, type Misbehaving } from './faults.ts';
import type { Listener } from './listener.ts';
import { REGISTER_NAMES, RegisterFormError, type Registers } from './registers.ts';
import { createService, serve } from './service.ts';

export interface ControlSettings {
  readonly listener: Listener;
  readonly registers: Registers;
  /** Leaves an empty hub among registers and services as they were at the start. */
  readonly reset: () => Promise<void>;
  /** Whoever can be told to fail or to lie, by name. */
  readonly services: Readonly<Record<string, Misbehaving>>;
  /** What programs may have to find besides, by name: the phones of the country. */
  readonly addresses: Readonly<Record<string, string>>;
}

const registerName = z.enum(REGISTER_NAMES as [(typeof REGISTER_NAMES)[number]]);
const change = z.record(z.string(), z.unknown());
const faultOrder = z.strictObject({ service: z.string(), fault: z.string() });

/** Tells a service how to misbehave; `false` when it knows no such way. */
function order({ faults, forgeries = [], forge }: Misbehaving, wish: string): boolean {
  const fault = FAULTS.find((one) => one === wish);
  if (fault === undefined && !forgeries.includes(wish)) return false;
  faults.set(fault ?? 'none');
  forge?.(fault === undefined ? wish : undefined);
  return true;
}

/** Web pages send an `Origin` with what they change: none of them may pull a lever, however it got to this address. */
const notForWebPages: RequestHandler = (request, response, next) => {
  if (request.headers.origin === undefined) return next();
  response.status(403).json({ error: 'not_for_web_pages' });
};

/** Opens the control at its listener. */
export function openControl(settings: ControlSettings): void {
  const { listener, registers, services } = settings;
  const control = createService();
  control.use(notForWebPages, express.json({ limit: '16kb' }));

  control.post('/reset', async (_request, response) => {
    await settings.reset();
    response.sendStatus(204);
  });

  control.get('/addresses', (_request, response) => void response.json(settings.addresses));

  control.get('/registers/:source', (request, response) => {
    const source = registerName.safeParse(request.params.source);
    if (!source.success) return void response.status(404).json({ error: 'no_such_register' });
    response.json(registers.all(source.data));
  });

  control.patch('/registers/:source/:login', (request, response) => {
    const source = registerName.safeParse(request.params.source);
    const changes = change.safeParse(request.body);
    if (!source.success) return void response.status(404).json({ error: 'no_such_register' });
    if (!changes.success) return void response.status(400).json({ error: 'no_change' });
    try {
      const entry = registers.change(source.data, request.params.login, changes.data);
      if (entry === undefined) return void response.status(404).json({ error: 'no_such_entry' });
      response.json(entry);
    } catch (error) {
      if (!(error instanceof RegisterFormError)) throw error;
      response.status(400).json({ error: 'wrong_form', description: error.message });
    }
  });

  control.post('/faults', (request, response) => {
    const wish = faultOrder.safeParse(request.body).data;
    const service = wish && new Map(Object.entries(services)).get(wish.service);
    if (wish === undefined || service === undefined || !order(service, wish.fault))
      return void response.status(400).json({ error: 'no_such_fault', services: Object.keys(services) });
    response.sendStatus(204);
  });

  serve(control, listener);
}
