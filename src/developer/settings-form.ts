/**
 * Owns how settings stand in a form and come back from it: a list is lines, a choice is boxes that are ticked, and each
 * field of the contract has its place. Nothing is judged here.
 */
import { ITEMS, type Item } from '../consent/items.ts';
import type { ServiceSettings } from './settings.ts';

type Fields = Readonly<Record<string, string>>;

/** Of one line each. */
const LISTS = ['redirect_uris', 'post_logout_redirect_uris'] as const;
/** Absent where nothing is chosen or written. */
const OPTIONAL = [
  'logo',
  'backchannel_logout_uri',
  'jwks_uri',
  'userinfo_signed_response_alg',
  'id_token_encrypted_response_alg',
  'userinfo_encrypted_response_alg',
] as const;
const TEXTS = ['name', 'short_name', 'purpose'] as const;
const CHOSEN = [
  'landing_page',
  'login_uri',
  'token_endpoint_auth_method',
  'id_token_signed_response_alg',
  'minimum_acr',
] as const;
const TICKED = 'yes';

/** The fields of a form that has these settings. */
export function formOf(settings: ServiceSettings): Fields {
  const { claims, sources, contact } = settings;
  const own: Record<string, string> = {};
  for (const name of TEXTS) for (const language of LANGUAGES) own[`${name}_${language}`] = settings[name][language];
  for (const name of CHOSEN) own[name] = settings[name];
  for (const name of OPTIONAL) own[name] = settings[name] ?? '';
  for (const name of LISTS) own[name] = settings[name].join('\n');
  for (const claim of claims) {
    own[`purpose_vi.${claim.item}`] = claim.purpose.vi;
    own[`purpose_en.${claim.item}`] = claim.purpose.en;
    own[`basis.${claim.item}`] = claim.basis;
    own[`citation.${claim.item}`] = claim.legal_basis ?? '';
    if (claim.optional) own[`optional.${claim.item}`] = TICKED;
  }
  return {
    ...own,
    claims: claims.map(({ item }) => item).join('\n'),
    which_sources: sources === undefined ? 'all' : 'some',
    sources: (sources ?? []).join('\n'),
    life_situations: settings.life_situations.join('\n'),
    consent_days: String(settings.consent_days),
    ...(settings.require_pushed_authorization_requests ? { require_pushed_authorization_requests: TICKED } : {}),
    ...(settings.verified_claims ? { verified_claims: TICKED } : {}),
    contact_mail: contact.mail,
    contact_phone: contact.phone ?? '',
  };
}

const LANGUAGES = ['vi', 'en'] as const;

/** Settings as a form has them, for the contract to look at. */
export function settingsIn(fields: Fields): Record<string, unknown> {
  const written = (name: string) => (fields[name] ?? '').replace(/\r\n?/g, '\n').trim();
  const lines = (name: string) =>
    written(name)
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  const both = (name: string, suffix = '') => ({
    vi: written(`${name}_vi${suffix}`),
    en: written(`${name}_en${suffix}`),
  });
  const optional = (name: string, value: unknown) => (value === '' ? {} : { [name]: value });
  const isRemoved = (name: string) => name === 'logo' && fields.remove_logo === TICKED;
  const contact = { mail: written('contact_mail'), ...optional('phone', written('contact_phone')) };
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, both(name)])),
    ...Object.fromEntries(CHOSEN.map((name) => [name, written(name)])),
    ...Object.assign({}, ...OPTIONAL.map((name) => optional(name, isRemoved(name) ? '' : written(name)))),
    ...Object.fromEntries(LISTS.map((name) => [name, lines(name)])),
    claims: lines('claims').map((item) => ({
      item,
      purpose: both('purpose', `.${item}`),
      basis: written(`basis.${item}`) || 'consent',
      ...optional('legal_basis', written(`citation.${item}`)),
      optional: fields[`optional.${item}`] === TICKED,
    })),
    ...(fields.which_sources === 'some' ? { sources: lines('sources') } : {}),
    life_situations: lines('life_situations'),
    consent_days: Number(written('consent_days')),
    require_pushed_authorization_requests: fields.require_pushed_authorization_requests === TICKED,
    verified_claims: fields.verified_claims === TICKED,
    contact,
  };
}

/** Where a field of the contract stands in the form: by which name, and in a list which of them it is. */
export interface Place {
  readonly control: string;
  /** From 1. */
  readonly line?: number;
  readonly item?: Item;
}

/** The place of `claims.2.purpose.en` and the like, in a form with these fields. */
export function placeOf(field: string, fields: Fields): Place {
  const [name = '', second = '', ...rest] = field.split('.');
  if (name === 'claims' && second !== '') return placeInClaims(Number(second), rest, fields);
  if ([...LISTS, 'sources', 'life_situations'].includes(name) && second !== '')
    return { control: name, line: Number(second) + 1 };
  return { control: second === '' ? name : `${name}_${second}` };
}

function placeInClaims(at: number, [member = '', language]: readonly string[], fields: Fields): Place {
  const item = ITEMS.find((one) => one === fields.claims?.split('\n')[at]?.trim());
  if (item === undefined) return { control: 'claims' };
  if (member === 'item' || member === '') return { control: `claims.${item}`, item };
  const name = member === 'legal_basis' ? 'citation' : member;
  return { control: `${name}${language ? `_${language}` : ''}.${item}`, item };
}
