/** Owns the codes of everything that can be wrong with what an agency hands in. Stable: the API tells them. */

export const ADDRESS_CODES = [
  'address_relative',
  'address_characters',
  'address_wildcard',
  'address_scheme',
  'address_http',
  'address_fragment',
  'address_credentials',
  'address_ip',
  'address_loopback',
  'address_port',
  'address_path',
  'address_query',
  'address_not_normal',
  'host_single_label',
  'host_reserved',
  'host_letters',
  'host_of_hub',
  'host_like_hub',
  'host_like_government',
  'host_of_other_agency',
  'host_like_other_agency',
] as const;
export type AddressCode = (typeof ADDRESS_CODES)[number];

export const KEY_CODES = [
  'key_malformed',
  'key_private',
  'key_symmetric',
  'key_type',
  'key_weak',
  'key_too_large',
  'key_algorithm',
  'key_use',
  'key_twice',
  'key_id_twice',
  'key_elsewhere',
] as const;
export type KeyCode = (typeof KEY_CODES)[number];

export const WORDING_CODES = ['text_characters', 'text_letters', 'text_address', 'name_of_hub'] as const;
export type WordingCode = (typeof WORDING_CODES)[number];

export const PROBLEM_CODES = [
  'missing',
  'too_long',
  'twice',
  ...ADDRESS_CODES,
  ...KEY_CODES,
  ...WORDING_CODES,
  'logo_unknown',
  'source_unknown',
  'level_unreachable',
  'legal_basis_missing',
  'legal_basis_unnumbered',
  'legal_basis_unused',
  'verified_claims_empty',
  'authentication_without_key',
  'authentication_without_secret',
  'encryption_without_key',
  'mail_malformed',
  'phone_malformed',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What is wrong with keys at an address, when they are looked at before they go live. */
export const JWKS_CODES = [
  'jwks_unreachable',
  'jwks_redirected',
  'jwks_too_large',
  'jwks_too_slow',
  'jwks_malformed',
  'jwks_private',
  'jwks_weak',
  'jwks_without_key',
] as const;
export type JwksCode = (typeof JWKS_CODES)[number];

export const LOGO_CODES = [
  'logo_type',
  'logo_too_large',
  'png_damaged',
  'png_size',
  'svg_malformed',
  'svg_doctype',
  'svg_instruction',
  'svg_namespace',
  'svg_element',
  'svg_script',
  'svg_event_handler',
  'svg_attribute',
  'svg_style',
  'svg_reference',
  'svg_nested_reference',
  'svg_view_box',
  'svg_size',
  'svg_too_complex',
] as const;
export type LogoCode = (typeof LOGO_CODES)[number];

/** What keeps a service from production, or from what its people want of it there. */
export const PRODUCTION_CODES = [
  'two_owners_needed',
  'sandbox_not_live',
  'score_card_not_full',
  'nothing_changed',
  'not_this_service',
  'registration_refused',
] as const;
export type ProductionCode = (typeof PRODUCTION_CODES)[number];
