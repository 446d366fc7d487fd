/** Owns which pictures become logos, in which form they are kept, and how they are served. Pure. */
import { hash } from 'node:crypto';
import { acceptPng } from './logos/png.ts';
import { acceptSvg } from './logos/svg.ts';
import type { LogoCode } from './rules/codes.ts';

export type { LogoCode };

/** A picture as it is kept and served: written anew by the hub, so that nothing stays in it that was not looked at. */
export type AcceptedLogo =
  | {
      readonly ok: true;
      /** Of its content: `<SHA-256 in base64url>.svg`. */
      readonly id: string;
      readonly type: 'image/png' | 'image/svg+xml';
      readonly body: Uint8Array;
    }
  | { readonly ok: false; readonly code: LogoCode };

/** Bytes, of either kind. */
export const LARGEST_LOGO = 100 * 1024;

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Looks at a picture that was handed in. What its sender says it is has no say. */
export function acceptLogo(bytes: Uint8Array): AcceptedLogo {
  if (bytes.length > LARGEST_LOGO) return { ok: false, code: 'logo_too_large' };
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (content.subarray(0, 8).equals(PNG_SIGNATURE)) return kept('png', acceptPng(content));
  // An SVG begins with markup, whatever a mark of its encoding stands before it.
  if (/^(\uFEFF)?\s*</.test(content.subarray(0, 200).toString('utf8'))) return kept('svg', acceptSvg(content));
  return { ok: false, code: 'logo_type' };
}

function kept(ending: 'png' | 'svg', content: Uint8Array | LogoCode): AcceptedLogo {
  if (typeof content === 'string') return { ok: false, code: content };
  // Written anew it may have grown.
  if (content.length > LARGEST_LOGO) return { ok: false, code: 'logo_too_large' };
  const id = `${hash('sha256', content, 'base64url')}.${ending}`;
  return { ok: true, id, type: typeOf(ending), body: content };
}

const typeOf = (ending: 'png' | 'svg') => (ending === 'png' ? 'image/png' : 'image/svg+xml');

const EVERY_LOGO = {
  'x-content-type-options': 'nosniff',
  // Opened by itself it is a document: one without scripts, an origin, or anything from elsewhere.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  // The id is of the content, so it is never anything else.
  'cache-control': 'public, max-age=31536000, immutable',
} as const;

/** The headers a logo is served with, by its type. */
export const LOGO_HEADERS = {
  'image/png': { 'content-type': 'image/png', ...EVERY_LOGO },
  'image/svg+xml': { 'content-type': 'image/svg+xml; charset=utf-8', ...EVERY_LOGO },
} as const;
