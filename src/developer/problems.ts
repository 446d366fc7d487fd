/** Owns what is wrong with the settings of a service: every rule, each by its stable code. Pure: what it has to know is given. */
import type { JWK } from 'jose';
import type { Localised } from '../../views/pages.ts';
import { canEncrypt } from '../client-keys.ts';
import type { Acr } from '../identity/assertion.ts';
import { reaches } from '../identity/assurance.ts';
import { isMailAddress } from '../messaging/mail-address.ts';
import { claimNamesOfItem, VERIFIABLE_CLAIMS } from '../oidc/claims.ts';
import type { Credential } from './ports.ts';
import { type AddressFacts, type AddressKind, addressProblem, hostOf, LONGEST_ADDRESS } from './rules/addresses.ts';
import type { KeyCode, ProblemCode } from './rules/codes.ts';
import { canSign, jwkOf, keyProblem, thumbprintOf } from './rules/keys.ts';
import { skeletonOf } from './rules/look-alike.ts';
import { claimsToBeHub, wordingProblem } from './rules/wording.ts';
import type { RequestedClaim, ServiceSettings } from './settings.ts';

export { jwkOf, type ProblemCode, skeletonOf, thumbprintOf };

/** One thing that is wrong, where: `redirect_uris.0`, `claims.2.purpose.en`. */
export interface Problem {
  readonly field: string;
  readonly code: ProblemCode;
}

/** What the rules have to know beyond the settings. */
export interface Facts extends AddressFacts {
  /** What the hub calls itself, in all languages. */
  readonly hubNames: readonly string[];
  readonly sources: readonly { readonly id: string; readonly acr: Acr }[];
  /** Of this service in this environment. */
  readonly credentials: readonly Pick<Credential, 'kind' | 'jwk' | 'endsAt'>[];
  /** RFC 7638 thumbprints of this service's keys that other services use. */
  readonly thumbprintsElsewhere: ReadonlySet<string>;
  /** Whether there is a kept logo with the id in the settings; without one it does not matter. */
  readonly logoKnown: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Characters. */
const ROOM = { name: 100, short_name: 20, purpose: 300, legal_basis: 300, mail: 254, phone: 20 } as const;

type Told = (field: string, code: ProblemCode | undefined) => void;

/** Everything that is wrong with the settings, in the order of their fields. Empty: they may go live. */
export function problemsOf(settings: ServiceSettings, facts: Facts): readonly Problem[] {
  const problems: Problem[] = [];
  const tell: Told = (field, code) => {
    if (code !== undefined) problems.push({ field, code });
  };
  checkNames(settings, facts, tell);
  checkAddresses(settings, facts, tell);
  checkKeys(settings, facts, tell);
  checkAssurance(settings, facts, tell);
  checkClaims(settings, tell);
  for (const [at, one] of settings.life_situations.entries())
    if (settings.life_situations.indexOf(one) < at) tell(`life_situations.${at}`, 'twice');
  checkContact(settings.contact, tell);
  return problems;
}

/** What is wrong with a key that is handed in to be a credential of a service. */
export function keyProblems(
  input: unknown,
  facts: {
    readonly credentials: readonly Pick<Credential, 'jwk'>[];
    readonly thumbprintsElsewhere: ReadonlySet<string>;
  },
): readonly KeyCode[] {
  const own = facts.credentials.flatMap(({ jwk }) => jwk ?? []);
  return [keyProblem(input, { own, thumbprintsElsewhere: facts.thumbprintsElsewhere }) ?? []].flat();
}

/** Hosts of all addresses, each once: by their skeletons a store finds what looks like them. */
export function hostsOf(settings: ServiceSettings): readonly { readonly host: string; readonly skeleton: string }[] {
  const hosts = new Set(addressesOf(settings).flatMap(({ written }) => hostOf(written) ?? []));
  return [...hosts].map((host) => ({ host, skeleton: skeletonOf(host) }));
}

function checkNames({ name, short_name, purpose, logo }: ServiceSettings, facts: Facts, tell: Told): void {
  const named: readonly [keyof typeof ROOM, Localised][] = [
    ['name', name],
    ['short_name', short_name],
    ['purpose', purpose],
  ];
  for (const [field, text] of named) {
    for (const language of ['vi', 'en'] as const) {
      const problem = textProblem(text[language], ROOM[field]);
      const posing = field !== 'purpose' && claimsToBeHub(text[language], facts.hubNames) ? 'name_of_hub' : undefined;
      tell(`${field}.${language}`, problem ?? posing);
    }
  }
  if (logo !== undefined && !facts.logoKnown) tell('logo', 'logo_unknown');
}

function textProblem(text: string, room: number): ProblemCode | undefined {
  if (text.trim() === '') return 'missing';
  return [...text.normalize('NFC')].length > room ? 'too_long' : wordingProblem(text);
}

interface WrittenAddress {
  readonly field: string;
  readonly written: string;
  readonly kind: AddressKind;
}

function addressesOf(settings: ServiceSettings): readonly WrittenAddress[] {
  const { landing_page, login_uri, redirect_uris, post_logout_redirect_uris } = settings;
  const one = (field: string, written: string | undefined, kind: AddressKind): WrittenAddress[] =>
    written === undefined ? [] : [{ field, written, kind }];
  return [
    ...one('landing_page', landing_page, 'opened'),
    ...one('login_uri', login_uri, 'opened'),
    ...redirect_uris.flatMap((uri, at) => one(`redirect_uris.${at}`, uri, 'answered')),
    ...post_logout_redirect_uris.flatMap((uri, at) => one(`post_logout_redirect_uris.${at}`, uri, 'answered')),
    ...one('backchannel_logout_uri', settings.backchannel_logout_uri, 'fetched'),
    ...one('jwks_uri', settings.jwks_uri, 'fetched'),
  ];
}

function checkAddresses(settings: ServiceSettings, facts: Facts, tell: Told): void {
  if (settings.redirect_uris.length === 0) tell('redirect_uris', 'missing');
  for (const { field, written, kind } of addressesOf(settings)) {
    const length = written === '' ? 'missing' : written.length > LONGEST_ADDRESS ? 'too_long' : undefined;
    tell(field, length ?? addressProblem(written, kind, facts));
  }
  for (const list of ['redirect_uris', 'post_logout_redirect_uris'] as const)
    for (const [at, uri] of settings[list].entries())
      if (uri !== '' && settings[list].indexOf(uri) < at) tell(`${list}.${at}`, 'twice');
}

function checkKeys(settings: ServiceSettings, facts: Facts, tell: Told): void {
  const live = facts.credentials.filter(({ endsAt }) => endsAt > facts.now);
  const keys: JWK[] = live.flatMap(({ jwk }) => jwk ?? []);
  for (const [at, key] of keys.entries()) {
    const own = keys.slice(0, at);
    tell('credentials', keyProblem(key, { own, thumbprintsElsewhere: facts.thumbprintsElsewhere }));
  }
  const isElsewhere = settings.jwks_uri !== undefined;
  if (settings.token_endpoint_auth_method === 'private_key_jwt') {
    if (!isElsewhere && !keys.some(canSign)) tell('token_endpoint_auth_method', 'authentication_without_key');
  } else if (!live.some(({ kind }) => kind === 'secret')) {
    tell('token_endpoint_auth_method', 'authentication_without_secret');
  }
  for (const field of ['id_token_encrypted_response_alg', 'userinfo_encrypted_response_alg'] as const) {
    const algorithm = settings[field];
    if (algorithm !== undefined && !isElsewhere && !keys.some((key) => canEncrypt({ ...key }, algorithm)))
      tell(field, 'encryption_without_key');
  }
}

function checkAssurance({ minimum_acr, sources }: ServiceSettings, facts: Facts, tell: Told): void {
  if (sources?.length === 0) tell('sources', 'missing');
  const known = new Map(facts.sources.map(({ id, acr }) => [id, acr]));
  for (const [at, id] of sources?.entries() ?? []) {
    if (!known.has(id)) tell(`sources.${at}`, 'source_unknown');
    else if (sources !== undefined && sources.indexOf(id) < at) tell(`sources.${at}`, 'twice');
  }
  const allowed = (sources ?? [...known.keys()]).flatMap((id) => known.get(id) ?? []);
  if (sources?.length !== 0 && !allowed.some((acr) => reaches(acr, minimum_acr)))
    tell('minimum_acr', 'level_unreachable');
}

function checkClaims({ claims, verified_claims }: ServiceSettings, tell: Told): void {
  for (const [at, claim] of claims.entries()) {
    if (claims.findIndex(({ item }) => item === claim.item) < at) tell(`claims.${at}.item`, 'twice');
    for (const language of ['vi', 'en'] as const)
      tell(`claims.${at}.purpose.${language}`, textProblem(claim.purpose[language], ROOM.purpose));
    tell(`claims.${at}.legal_basis`, legalBasisProblem(claim));
  }
  if (verified_claims && !claims.some(isVerifiable)) tell('verified_claims', 'verified_claims_empty');
}

const isVerifiable = ({ item }: RequestedClaim) =>
  claimNamesOfItem(item).some((name) => (VERIFIABLE_CLAIMS as readonly string[]).includes(name));

/** A provision is found by the number of its document: "Luật Cư trú" alone has been several. */
function legalBasisProblem({ basis, legal_basis: cited }: RequestedClaim): ProblemCode | undefined {
  if (basis !== 'law') return cited === undefined || cited === '' ? undefined : 'legal_basis_unused';
  if (cited === undefined || cited.trim() === '') return 'legal_basis_missing';
  return textProblem(cited, ROOM.legal_basis) ?? (/\d/.test(cited) ? undefined : 'legal_basis_unnumbered');
}

function checkContact({ mail, phone }: ServiceSettings['contact'], tell: Told): void {
  if (mail === '') tell('contact.mail', 'missing');
  else if (mail.length > ROOM.mail) tell('contact.mail', 'too_long');
  else if (!isMailAddress(mail)) tell('contact.mail', 'mail_malformed');
  if (phone === undefined) return;
  if (phone.length > ROOM.phone) tell('contact.phone', 'too_long');
  else if (!/^\+?[0-9]{3,4}([ .-]?[0-9]{2,4}){1,4}$/.test(phone)) tell('contact.phone', 'phone_malformed');
}
