/** Owns the Mobile-ID REST interface as SK ID Solutions publishes it, from the operator's side. */
import express, { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Registers } from '../registers.ts';
import type { Sessions } from './sessions.ts';

/** The one relying party this operator knows: the hub. */
export interface RelyingParty {
  readonly uuid: string;
  readonly name: string;
}

export interface InterfaceParts {
  readonly registers: Registers;
  readonly sessions: Sessions;
  readonly relyingParty: RelyingParty;
}

const HASH_BYTES = { SHA256: 32, SHA384: 48, SHA512: 64 } as const;
/** Characters a SIM shows, by the alphabet. */
const DISPLAY_ROOM = { 'GSM-7': 100, 'UCS-2': 50 } as const;

/** `POST /authentication`; what comes besides these is ignored. */
const order = z
  .object({
    relyingPartyUUID: z.string(),
    relyingPartyName: z.string(),
    phoneNumber: z.string().regex(/^\+84\d{9}$/),
    nationalIdentityNumber: z.string().regex(/^\d{12}$/),
    hash: z.base64(),
    hashType: z.enum(['SHA256', 'SHA384', 'SHA512']),
    language: z.enum(['VIE', 'ENG']),
    displayText: z.string().min(1).optional(),
    displayTextFormat: z.enum(['GSM-7', 'UCS-2']).default('GSM-7'),
  })
  .refine(({ hash, hashType }) => Buffer.from(hash, 'base64').length === HASH_BYTES[hashType], 'hash: wrong length')
  .refine(
    ({ displayText = '', displayTextFormat }) =>
      displayText.length <= DISPLAY_ROOM[displayTextFormat] &&
      (displayTextFormat === 'UCS-2' || !/[^\x20-\x7e]/.test(displayText)),
    'displayText: does not fit its format',
  );

const poll = z.object({ timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000) });

/** The verification code (Mobile-ID REST API 3.3.2), worked out by the phone on its own: the hub's may be wrong. */
function codeOf(hash: Uint8Array): string {
  const [first = 0, last = 0] = [hash.at(0), hash.at(-1)];
  return `${(first >> 2) * 128 + (last % 128)}`.padStart(4, '0');
}

/** Routes of the interface. */
export function interfaceRoutes({ registers, sessions, relyingParty }: InterfaceParts): Router {
  const authenticate: RequestHandler = (request, response) => {
    const asked = order.safeParse(request.body);
    if (!asked.success) return void response.status(400).json({ error: z.prettifyError(asked.error) });
    const { relyingPartyUUID, relyingPartyName, phoneNumber, nationalIdentityNumber, ...push } = asked.data;
    if (relyingPartyUUID !== relyingParty.uuid || relyingPartyName !== relyingParty.name)
      return void response.status(401).json({ error: 'unknown relying party' });

    const hash = Buffer.from(push.hash, 'base64');
    const session = sessions.open({
      phone: phoneNumber,
      relyingParty: relyingPartyName,
      hash,
      hashType: push.hashType,
      language: push.language,
      displayText: push.displayText ?? '',
      code: codeOf(hash),
    });
    const entry = registers.find('mobile-id', phoneNumber);
    // An unknown phone and another person's number look the same from outside.
    const known = entry !== undefined && entry.idNumber === nationalIdentityNumber;
    const result = known ? entry.result : 'NOT_MID_CLIENT';
    if (result !== 'OK') sessions.end(session.id, { state: 'COMPLETE', result });
    response.json({ sessionID: session.id });
  };

  const status: RequestHandler<{ id: string }> = async (request, response) => {
    const { success, data } = poll.safeParse(request.query);
    if (!success) return void response.status(400).json({ error: 'timeoutMs: wrong' });
    const answer = await sessions.status(request.params.id, data.timeoutMs);
    if (answer === undefined) return void response.status(404).json({ error: 'SessionID not found' });
    // A field of a later version of the interface, for those who read strictly.
    response.json({ ...answer, time: new Date().toISOString() });
  };

  const routes = Router();
  routes.post('/authentication', express.json({ limit: '4kb' }), authenticate);
  routes.get('/authentication/session/:id', status);
  return routes;
}
