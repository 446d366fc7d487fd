/** Owns a site that is a ready piece as it was generated, beside a country that knows it as a service. */
import { type Page, Visitor } from '../../sandbox/visitor.ts';
import type { ClientRegistration } from '../../src/clients.ts';
import type { PieceId } from '../../src/developer/ready-pieces/piece.ts';
import { readyPiecesFor } from '../../src/developer/ready-pieces/ready-pieces.ts';
import {
  AN_INSURED,
  openTestCountry,
  proveBySocialInsurance,
  proveByTaxCode,
  type TestCountry,
  type TestCountrySettings,
} from '../country.ts';
import { freePorts, makeKeys, type PieceFolder, type RunningPiece, start, unpack } from './running-piece.ts';

/** The one service of the country. */
export const PIECE = 'ready-piece';

/** A service as a test wants it; all else is as in every test country. */
export interface Variant {
  readonly name: string;
  readonly settings: Partial<ClientRegistration>;
  readonly secret?: 'basic' | 'post';
}

/** The sandbox's quoting must not be luck: this name would break out of anything that is pasted together. */
export const NAME = { vi: `Tra cứu "hồ sơ" \${HOME} %s <b>`, en: `Look 'up' \\ #{x} \`files\` <!--#exec cmd="id" -->` };
export interface Site {
  readonly country: TestCountry;
  readonly folder: PieceFolder;
  readonly origin: string;
  readonly login: string;
  readonly running: RunningPiece;
  /** Presses the button, proves it and agrees; returns the page on which that ends. */
  signIn(visitor?: Visitor): Promise<Page>;
  close(): Promise<void>;
}

/** Generates, unpacks and runs one piece. */
export async function openSite(
  id: PieceId,
  { settings, secret }: Omit<Variant, 'name'>,
  of: TestCountrySettings = {},
): Promise<Site> {
  const [hub, port] = (await freePorts(2)) as [number, number];
  const origin = `http://localhost:${port}`;
  const backChannel = id === 'mod_auth_openidc' ? '/callback?logout=backchannel' : '/backchannel-logout';
  const registration = {
    client_id: PIECE,
    service: NAME,
    scopes: ['openid', 'profile'],
    minimum_acr: 'loa1',
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: false,
    login_uri: `${origin}/signed-in`,
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/signed-out`],
    backchannel_logout_uri: `${origin}${backChannel}`,
    ...settings,
  } satisfies Partial<ClientRegistration> & { client_id: string };
  const pieces = readyPiecesFor({
    ...registration,
    issuer: `http://localhost:${hub}`,
    token_endpoint_auth_method: secret ? `client_secret_${secret}` : 'private_key_jwt',
    post_logout_redirect_uri: registration.post_logout_redirect_uris[0],
  });
  const piece = pieces.find((one) => one.id === id)!;
  const folder = unpack(piece);
  const keys = makeKeys(piece, folder);
  const wish = {
    ...registration,
    ...(secret ? { secret } : { authentication: { method: 'private_key_jwt' as const } }),
    ...(keys.length > 0 ? { jwks: { keys: [...keys] } } : {}),
    // What the piece asks for it has to check by itself.
    minimum_acr: 'loa1' as const,
  };
  const country = await openTestCountry([wish], { ...of, ports: { hub } });
  const login = `${origin}/signed-in`;
  const running = await start(piece, folder, port);
  return {
    country,
    folder,
    origin,
    login,
    running,
    signIn: async (visitor = new Visitor()) => {
      const choice = await visitor.open(login);
      if (choice.code !== 'choose_source') throw new Error(`${choice.code}: ${choice.body} ${running.log()}`);
      const consent =
        settings.minimum_acr === 'loa2'
          ? await proveBySocialInsurance(visitor, AN_INSURED)
          : await proveByTaxCode(visitor);
      return consent.code === 'consent' ? visitor.tickAll().press('decision=agree') : consent;
    },
    close: async () => {
      await running.stop();
      await country.close();
      folder.remove();
    },
  };
}
