/** Owns the sandbox country run as `npm start` runs it, on ports of its own, and the addresses it tells. */
import { PORTS } from '../../sandbox/country.ts';
import { type Program, run } from './program.ts';

export interface SandboxProgram extends Program {
  readonly at: { readonly songHong: string; readonly library: string; readonly hub: string; readonly control: string };
  /** Milliseconds from the start to the table. */
  readonly readyAfter: number;
}

/** Any free port for each service. */
export const ANY_PORTS = Object.fromEntries(
  [...Object.keys(PORTS), 'sandboxIssuer'].map((service) => [
    `${service.replace(/[A-Z]/g, '_$&').toUpperCase()}_PORT`,
    '0',
  ]),
);

/** Starts the country; resolves when its table is printed, that is when every address answers. */
export async function runSandbox(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<SandboxProgram> {
  const begun = performance.now();
  const program = run('sandbox/main.ts', { ...ANY_PORTS, SANDBOX_DATA: directory, ...settings });
  await program.says(/Ctrl-C/);
  const readyAfter = performance.now() - begun;
  const addresses = program
    .said()
    .output.match(/^ {2}http:\/\/localhost:\d+/gm)!
    .map((line) => line.trim());
  const [songHong, library, hub] = addresses as [string, string, string];
  const control = addresses.at(-1)!;
  return { ...program, readyAfter, at: { songHong, library, hub, control } };
}
