/** Owns the tax authority's sign-in: one form, one password, back to the hub. */
import { type Request, type Response, Router, urlencoded } from 'express';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Registers } from '../registers.ts';
import { errorPage, type Language, signInPage } from './pages.ts';
import type { Passwords } from './passwords.ts';
import { TAX_ACR } from './provider.ts';

const submission = z.object({
  decision: z.enum(['sign_in', 'cancel']).default('sign_in'),
  tax_code: z.string().max(20).default(''),
  password: z.string().max(200).default(''),
});

function languageOf(request: Request, uiLocales: unknown): Language {
  const asked = [request.query.lang, ...String(uiLocales ?? '').split(' ')].map(String);
  return asked.find((tag) => tag.startsWith('en') || tag.startsWith('vi'))?.startsWith('en') ? 'en' : 'vi';
}

/** Routes of the sign-in page. */
export function signInRoutes(provider: Provider, registers: Registers, passwords: Passwords): Router {
  /** The sign-in this address and this browser share; the library compares neither with the other. */
  async function begun(request: Request, response: Response) {
    const details = await provider.interactionDetails(request, response).catch(() => undefined);
    if (details !== undefined && details.uid === request.params.uid) {
      return { language: languageOf(request, details.params.ui_locales), address: `/sign-in/${details.uid}` };
    }
    response.status(400).send(errorPage(languageOf(request, undefined), 'expired').toString());
    return undefined;
  }

  const routes = Router();
  routes.get('/sign-in/:uid', async (request, response) => {
    const page = await begun(request, response);
    if (page !== undefined) response.send(signInPage(page).toString());
  });

  routes.post('/sign-in/:uid', urlencoded({ extended: false, limit: '4kb' }), async (request, response) => {
    const page = await begun(request, response);
    if (page === undefined) return;
    const typed = submission.safeParse(request.body ?? {});
    const { decision, tax_code, password } = typed.success ? typed.data : submission.parse({});
    const deny = (reason: string) =>
      provider.interactionFinished(request, response, { error: 'access_denied', error_description: reason });
    if (decision === 'cancel') return deny('cancelled');

    const taxCode = tax_code.replace(/\s/g, '');
    const entry = registers.find('tax-code', taxCode);
    if (!(await passwords.matches(password, entry?.password)) || entry === undefined) {
      response.status(401).send(signInPage({ ...page, taxCode, wrong: true }).toString());
      return;
    }
    // Only somebody with the right password learns that the account is locked.
    if (entry.status !== 'active') return deny('account_locked');
    await provider.interactionFinished(request, response, {
      login: { accountId: entry.taxCode, acr: TAX_ACR, amr: ['pwd'], remember: false },
    });
  });
  return routes;
}
