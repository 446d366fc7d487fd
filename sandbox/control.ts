/** Owns the levers of the sandbox: empty the hub, edit a register, make a service fail. For programs on this machine. */
import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import { FAULTS, type FaultSwitch } from './faults.ts';
import type { Listener } from './listener.ts';
import { REGISTER_NAMES, RegisterFormError, type Registers } from './registers.ts';
import { createService, serve } from './service.ts';
import { FORGERIES, type Forgery } from './tax-authority/forgeries.ts';

export interface ControlSettings {
  readonly listener: Listener;
  readonly registers: Registers;
  /** Leaves an empty hub among registers and services as they were at the start. */
  readonly reset: () => Promise<void>;
  readonly taxAuthority: { readonly faults: FaultSwitch; forge(forgery: Forgery | undefined): void };
  readonly populationRegister: { readonly faults: FaultSwitch };
}

const registerName = z.enum(REGISTER_NAMES as [(typeof REGISTER_NAMES)[number]]);
const change = z.record(z.string(), z.unknown());
const faultOrder = z.discriminatedUnion('service', [
  z.strictObject({ service: z.literal('population-register'), fault: z.enum(FAULTS) }),
  z.strictObject({ service: z.literal('tax-authority'), fault: z.enum([...FAULTS, ...FORGERIES]) }),
]);

const isForgery = (fault: string): fault is Forgery => (FORGERIES as readonly string[]).includes(fault);

/** Web pages send an `Origin` with what they change: none of them may pull a lever, however it got to this address. */
const notForWebPages: RequestHandler = (request, response, next) => {
  if (request.headers.origin === undefined) return next();
  response.status(403).json({ error: 'not_for_web_pages' });
};

/** Opens the control at its listener. */
export function openControl(settings: ControlSettings): void {
  const { listener, registers, taxAuthority, populationRegister } = settings;
  const control = createService();
  control.use(notForWebPages, express.json({ limit: '16kb' }));

  control.post('/reset', async (_request, response) => {
    await settings.reset();
    response.sendStatus(204);
  });

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
    const order = faultOrder.safeParse(request.body);
    if (!order.success) {
      return void response.status(400).json({ error: 'no_such_fault', description: z.prettifyError(order.error) });
    }
    const { service, fault } = order.data;
    if (service === 'population-register') populationRegister.faults.set(fault);
    else {
      taxAuthority.forge(isForgery(fault) ? fault : undefined);
      taxAuthority.faults.set(isForgery(fault) ? 'none' : fault);
    }
    response.sendStatus(204);
  });

  serve(control, listener);
}
