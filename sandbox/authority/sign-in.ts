/** Owns the way through an authority's pages: one form, one password, perhaps a second page, back to the hub. */
import { type Request, type Response, Router, urlencoded } from 'express';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { errorPage, signInPage } from './pages.ts';
import type { Passwords } from './passwords.ts';
import type { AuthorityProfile, Language, SignIn, Step, Typed } from './profile.ts';

const submission = z.record(z.string(), z.string().max(200)).catch({});

function languageOf(request: Request, uiLocales: unknown): Language {
  const asked = [request.query.lang, ...String(uiLocales ?? '').split(' ')].map(String);
  return asked.find((tag) => tag.startsWith('en') || tag.startsWith('vi'))?.startsWith('en') ? 'en' : 'vi';
}

/** Routes of the sign-in pages. */
export function signInRoutes(provider: Provider, profile: AuthorityProfile, passwords: Passwords): Router {
  /** The sign-in this address and this browser share; the library compares neither with the other. */
  async function begun(request: Request, response: Response): Promise<SignIn | undefined> {
    const details = await provider.interactionDetails(request, response).catch(() => undefined);
    if (details === undefined || details.uid !== request.params.uid) {
      response.status(400).send(errorPage(profile, languageOf(request, undefined), 'expired').toString());
      return undefined;
    }
    const language = languageOf(request, details.params.ui_locales);
    return {
      uid: details.uid,
      language,
      address: `/sign-in/${details.uid}`,
      show: (page, status = 200) => void response.status(status).send(page.toString()),
      goTo: (address) => response.redirect(303, `${address}?lang=${language}`),
      finish: ({ subject, level, amr }) =>
        provider.interactionFinished(request, response, {
          login: { accountId: subject, acr: level, amr: [...amr], remember: false },
        }),
      deny: (reason) =>
        provider.interactionFinished(request, response, { error: 'access_denied', error_description: reason }),
    };
  }

  const step = (take: Step) => async (request: Request, response: Response) => {
    const signIn = await begun(request, response);
    if (signIn !== undefined) await take(signIn, submission.parse(request.body ?? {}));
  };

  async function takePassword(signIn: SignIn, typed: Typed): Promise<void> {
    if (typed.decision === 'cancel') return signIn.deny('cancelled');
    const login = (typed[profile.look.loginField] ?? '').replace(/\s/g, '');
    const account = profile.accounts.find(login);
    if (!(await passwords.matches(typed.password ?? '', account?.password)) || account === undefined)
      return signIn.show(signInPage(profile, signIn, { login, wrong: true }), 401);
    // Only somebody with the right password learns that the account is locked.
    if (account.locked) return signIn.deny('account_locked');
    await profile.proved(signIn, account, typed);
  }

  const routes = Router();
  const form = urlencoded({ extended: false, limit: '4kb' });
  routes.get(
    '/sign-in/:uid',
    step((signIn) => signIn.show(signInPage(profile, signIn))),
  );
  routes.post('/sign-in/:uid', form, step(takePassword));
  if (profile.secondPage !== undefined) {
    const { name, show, take } = profile.secondPage;
    routes.get(`/sign-in/:uid/${name}`, step(show));
    routes.post(`/sign-in/:uid/${name}`, form, step(take));
  }
  return routes;
}
