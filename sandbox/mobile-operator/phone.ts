/** Owns the phone in a citizen's hand, as a web page: the request it shows, the PIN that makes the SIM sign, or a cancel. */
import { type Request, type Response, Router, urlencoded } from 'express';
import { z } from 'zod';
import type { Registers } from '../registers.ts';
import { type Forgery, forgedAnswer } from './forgeries.ts';
import { type Language, phonePage, phonesPage } from './pages.ts';
import type { Session, Sessions } from './sessions.ts';
import { signHash } from './sim.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface PhoneParts {
  readonly registers: Registers;
  readonly sessions: Sessions;
  readonly subscriptions: Subscriptions;
  readonly forgery: () => Forgery | undefined;
}

/** Every SIM of the country has this PIN. */
export const PIN = '1234';

const submission = z.object({
  session: z.string(),
  decision: z.enum(['accept', 'cancel']),
  pin: z.string().max(20).default(''),
});

const languageOf = (request: Request): Language => (request.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi');

/** Routes of the phones. */
export function phoneRoutes({ registers, sessions, subscriptions, forgery }: PhoneParts): Router {
  const find = (request: Request, response: Response) => {
    const entry = registers.find('mobile-id', String(request.params.phone));
    if (entry === undefined) response.status(404).send(phonesPage(languageOf(request), []).toString());
    return entry;
  };

  /** What the SIM answers to a request: a signature over its hash, and whose it is. */
  async function sign({ phone, hash, hashType }: Session) {
    const entry = registers.find('mobile-id', phone);
    if (entry === undefined) return { state: 'COMPLETE', result: 'SIM_ERROR' } as const;
    const forged = forgery();
    const { certificate, key } = await subscriptions.of(entry, forged);
    const signed = forged === 'another_hash' ? hash.map((byte) => byte ^ 1) : hash;
    const honest = {
      state: 'COMPLETE',
      result: 'OK',
      signature: {
        value: Buffer.from(signHash(key, signed)).toString('base64'),
        algorithm: `${hashType}WithECEncryption`,
      },
      cert: Buffer.from(certificate).toString('base64'),
    } as const;
    return { ...forgedAnswer(honest, forged), state: 'COMPLETE' } as const;
  }

  const routes = Router();
  routes.get('/', (request, response) => {
    response.send(phonesPage(languageOf(request), registers.all('mobile-id')).toString());
  });

  routes.get('/phones/:phone', (request, response) => {
    const entry = find(request, response);
    if (entry === undefined) return;
    const waiting = sessions.waitingAt(entry.phone);
    response.send(phonePage({ language: languageOf(request), entry, waiting }).toString());
  });

  routes.post('/phones/:phone', urlencoded({ extended: false, limit: '4kb' }), async (request, response) => {
    const entry = find(request, response);
    if (entry === undefined) return;
    const language = languageOf(request);
    const typed = submission.safeParse(request.body ?? {});
    const waiting = sessions.waitingAt(entry.phone);
    // The request the page showed may be over, and another one under way.
    if (!typed.success || waiting === undefined || waiting.id !== typed.data.session) {
      response.status(409).send(phonePage({ language, entry, waiting, reason: 'over' }).toString());
      return;
    }
    const { decision, pin } = typed.data;
    if (decision === 'accept' && pin !== PIN) {
      response.status(401).send(phonePage({ language, entry, waiting, reason: 'wrong_pin' }).toString());
      return;
    }
    const result =
      decision === 'accept' ? await sign(waiting) : ({ state: 'COMPLETE', result: 'USER_CANCELLED' } as const);
    const reason = !sessions.end(waiting.id, result) ? 'over' : decision === 'accept' ? 'accepted' : 'cancelled';
    response.send(phonePage({ language, entry, waiting: sessions.waitingAt(entry.phone), reason }).toString());
  });
  return routes;
}
