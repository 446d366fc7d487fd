/** Owns the hub's list of sources as the sandbox configures it. */
import type { SourceSettings } from '../src/config.ts';

/** The client_id under which the tax authority knows the hub. */
export const HUB_AT_TAX_AUTHORITY = 'lien-thong';

/** Where a source sends citizens back to. */
export function callbackOf(hub: string, source: string): string {
  return `${hub}/sources/${source}/callback`;
}

/** The sources that exist so far: the tax authority. */
export function sandboxSources(addresses: { readonly taxAuthority: string }): SourceSettings[] {
  return [
    {
      id: 'tax-code',
      issuer: addresses.taxAuthority,
      client_id: HUB_AT_TAX_AUTHORITY,
      acr: 'loa1',
      name: { vi: 'Mã số thuế', en: 'Tax code' },
      authority: { vi: 'Cục Thuế', en: 'Tax Department' },
      asks: { vi: 'Mã số thuế và mật khẩu', en: 'Tax code and password' },
      icon: 'receipt',
    },
  ];
}
