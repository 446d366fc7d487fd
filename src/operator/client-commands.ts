/** Owns what an operator may do about registered clients: look at them, register and change them, take one away. */
import { z } from 'zod';
import { type ClientRegistration, parseRegistrations } from '../clients.ts';
import { type LiveRegistrations, OF_CONSOLE } from '../registrations.ts';
import type { Json } from '../store.ts';
import type { CommandResult } from './channel.ts';

const client = z.string().min(1).max(100);

export const clientCommand = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('clients.list') }),
  z.strictObject({ command: z.literal('clients.show'), client }),
  /** As in the clients file; read by its own schema, so that every mistake is told. */
  z.strictObject({ command: z.literal('clients.apply'), clients: z.unknown() }),
  z.strictObject({ command: z.literal('clients.remove'), client }),
]);

/** As many mistakes as somebody reads. */
const MOST_DETAILS = 100;

export interface ClientParts {
  readonly clients: LiveRegistrations;
  readonly mode: 'production' | 'sandbox';
}

/** Carries out a command about clients; a change holds in this process once it is answered, soon in all others. */
export async function answerAboutClients(
  asked: z.infer<typeof clientCommand>,
  { clients, mode }: ClientParts,
): Promise<CommandResult> {
  switch (asked.command) {
    case 'clients.list':
      return { ok: true, clients: [...clients.values()].map(shownClient).sort(byId) };
    case 'clients.show': {
      const registration = clients.get(asked.client);
      return registration ? { ok: true, registration: registration as Json } : { ok: false, problem: 'client_unknown' };
    }
    case 'clients.apply': {
      const problems: string[] = [];
      const entries = parseRegistrations(asked.clients, mode, problems);
      // The library's objections stand beside ours, so that both are mended at once.
      problems.push(...clients.objections(entries));
      for (const { registration } of entries)
        if (clients.isOfConsole(registration.client_id)) problems.push(`${registration.client_id}: ${OF_CONSOLE}`);
      if (problems.length > 0)
        return { ok: false, problem: 'clients_invalid', details: problems.slice(0, MOST_DETAILS) };
      return { ok: true, ...(await clients.apply(entries)) };
    }
    case 'clients.remove':
      if (clients.isOfConsole(asked.client))
        return { ok: false, problem: 'clients_invalid', details: [`${asked.client}: ${OF_CONSOLE}`] };
      return (await clients.remove(asked.client))
        ? { ok: true, client: asked.client, state: 'removed' }
        : { ok: false, problem: 'client_unknown' };
  }
}

function shownClient({ client_id, agency, service, environment, role }: ClientRegistration) {
  return { client: client_id, agency: agency.id, service: service.vi, environment, role };
}

function byId(one: { client: string }, other: { client: string }): number {
  return one.client < other.client ? -1 : 1;
}
