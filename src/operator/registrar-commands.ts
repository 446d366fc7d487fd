/** Owns what an operator may do about registrars: name those who decide for the hub what goes into production. */
import { z } from 'zod';
import type { Store } from '../store.ts';
import type { CommandResult } from './channel.ts';

/** As the console shows it to whoever is signed in: nobody is named by anything that tells who they are. */
const account = z.string().regex(/^[A-Za-z0-9_-]{20,100}$/);

export const registrarCommand = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('registrars.list') }),
  z.strictObject({ command: z.literal('registrars.add'), account }),
  z.strictObject({ command: z.literal('registrars.remove'), account }),
]);

export interface RegistrarParts {
  readonly store: Pick<Store, 'developer'>;
}

/** Carries out a command about registrars; it holds in every process once it is answered. */
export async function answerAboutRegistrars(
  asked: z.output<typeof registrarCommand>,
  { store: { developer } }: RegistrarParts,
): Promise<CommandResult> {
  switch (asked.command) {
    case 'registrars.list':
      return { ok: true, registrars: [...(await developer.registrars.all())] };
    case 'registrars.add': {
      // Mistyped, it would be an account that somebody else may have one day.
      if ((await developer.accounts.find(asked.account)) === undefined)
        return { ok: false, problem: 'account_unknown' };
      const changed = await developer.registrars.add(asked.account);
      return { ok: true, account: asked.account, state: 'registrar', changed };
    }
    case 'registrars.remove':
      return (await developer.registrars.remove(asked.account))
        ? { ok: true, account: asked.account, state: 'removed' }
        : { ok: false, problem: 'registrar_unknown' };
  }
}
