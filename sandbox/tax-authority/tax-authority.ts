/** Owns the sandbox's tax authority: an OpenID provider of its own, on its own port, with its own keys and passwords. */
import type { JWK } from 'jose';
import { FaultSwitch } from '../faults.ts';
import type { Listener } from '../listener.ts';
import type { Registers } from '../registers.ts';
import { createService, serve } from '../service.ts';
import { type Forgery, forgeAnswers } from './forgeries.ts';
import { errorPage, STYLE } from './pages.ts';
import { Passwords } from './passwords.ts';
import { type TaxClient, taxProvider } from './provider.ts';
import { signInRoutes } from './sign-in.ts';

export interface TaxAuthority {
  /** Its OpenID issuer. */
  readonly issuer: string;
  readonly faults: FaultSwitch;
  /** Makes every answer wrong in one place; `undefined` makes it honest again. */
  forge(forgery: Forgery | undefined): void;
}

export interface TaxAuthoritySettings {
  readonly listener: Listener;
  readonly registers: Registers;
  readonly signingKey: JWK;
  readonly hub: TaxClient;
}

/** Opens the tax authority at its listener; it ends when the listener closes. */
export async function openTaxAuthority({
  listener,
  registers,
  signingKey,
  hub,
}: TaxAuthoritySettings): Promise<TaxAuthority> {
  const issuer = listener.url;
  const passwords = new Passwords();
  await passwords.prepare(registers.all('tax-code').map((entry) => entry.password));
  const provider = taxProvider({ issuer, registers, signingKey, hub });
  let forgery: Forgery | undefined;
  forgeAnswers(provider, signingKey, () => forgery);
  const faults = new FaultSwitch();

  // No `form-action`: browsers apply it to the whole chain of redirects, and the chain ends at an agency.
  const application = createService({ 'style-src': ["'self'"], 'img-src': ['data:'] });
  application.use((request, _response, next) => {
    // The library builds its addresses from the Host header; only one of them is true.
    request.headers.host = new URL(issuer).host;
    next();
  });
  application.use(faults.handler);
  application.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  application.use(signInRoutes(provider, registers, passwords));
  application.get('/', (_request, response) => void response.send(errorPage('vi', 'nothing_asked').toString()));
  application.use(provider.callback());
  serve(application, listener);

  return {
    issuer,
    faults,
    forge: (next) => {
      forgery = next;
    },
  };
}
