/** Owns an authority that signs its citizens in: an OpenID provider of its own, on its own port, with its own keys. */
import type { JWK } from 'jose';
import { FaultSwitch, type Misbehaving } from '../faults.ts';
import type { Listener } from '../listener.ts';
import { createService, serve } from '../service.ts';
import { FORGERIES, type Forgery, forgeAnswers } from './forgeries.ts';
import { errorPage, signedOutPage, styleOf } from './pages.ts';
import { Passwords } from './passwords.ts';
import type { AuthorityProfile } from './profile.ts';
import { authorityProvider, type HubAsClient } from './provider.ts';
import { signInRoutes } from './sign-in.ts';

export interface Authority extends Misbehaving {
  /** Its OpenID issuer. */
  readonly issuer: string;
  /** Makes every answer wrong in one place; `undefined` makes it honest again. */
  forge(forgery: Forgery | undefined): void;
}

export interface AuthoritySettings {
  readonly listener: Listener;
  readonly signingKey: JWK;
  readonly hub: HubAsClient;
}

/** Opens an authority at its listener; it ends when the listener closes. */
export async function openAuthority(
  profile: AuthorityProfile,
  { listener, signingKey, hub }: AuthoritySettings,
): Promise<Authority> {
  const issuer = listener.url;
  const passwords = new Passwords();
  await passwords.prepare(profile.accounts.passwords());
  const provider = authorityProvider({ issuer, profile, signingKey, hub });
  let forgery: Forgery | undefined;
  forgeAnswers(provider, signingKey, () => forgery);
  const faults = new FaultSwitch();
  const style = styleOf(profile.look);

  // No `form-action`: browsers apply it to the whole chain of redirects, and the chain ends at an agency.
  const application = createService({ 'style-src': ["'self'"], 'img-src': ['data:'] });
  application.use((request, _response, next) => {
    // The library builds its addresses from the Host header; only one of them is true.
    request.headers.host = new URL(issuer).host;
    next();
  });
  application.get('/style.css', (_request, response) => void response.type('css').send(style));
  if (profile.beside !== undefined) application.use(profile.beside);
  application.use(faults.handler);
  application.use(signInRoutes(provider, profile, passwords));
  // It keeps no sessions, so there is nothing to end: the page says so, as one that keeps them would say it is done.
  if (profile.signOut !== undefined)
    application.get(
      profile.signOut,
      (_request, response) => void response.send(signedOutPage(profile, 'vi').toString()),
    );
  application.get('/', (_request, response) => {
    response.send(errorPage(profile, 'vi', 'nothing_asked').toString());
  });
  application.use(provider.callback());
  serve(application, listener);

  return {
    issuer,
    faults,
    forgeries: FORGERIES,
    forge: (next) => {
      forgery = next;
    },
  };
}
