/** Owns what a citizen can agree to: the items, and the scopes by which agencies are registered for them. */

/** What a citizen agrees to, one by one. */
export const ITEMS = [
  'name',
  'gender',
  'birthdate',
  'place_of_birth',
  'nationality',
  'personal_number',
  'tax_code',
  'email',
  'phone',
] as const;
export type Item = (typeof ITEMS)[number];

export const SCOPES = [
  'openid',
  'profile',
  'birth',
  'personal_number',
  'tax_code',
  'email',
  'phone',
  'verified_claims',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The items behind each scope. */
export const ITEMS_OF_SCOPE: Readonly<Record<Scope, readonly Item[]>> = {
  openid: [],
  profile: ['name', 'gender'],
  birth: ['birthdate', 'place_of_birth', 'nationality'],
  personal_number: ['personal_number'],
  tax_code: ['tax_code'],
  email: ['email'],
  phone: ['phone'],
  // A form of the other items, not an item: the same values with how they were verified.
  verified_claims: [],
};

/** The items of all the scopes a client is registered for, or those of them that it is registered for one by one. */
export function registeredItems(client: {
  readonly scopes: readonly Scope[];
  readonly items?: readonly Item[] | undefined;
}): readonly Item[] {
  const scopes = new Set<Scope>(client.scopes);
  return ITEMS.filter(
    (item) =>
      SCOPES.some((scope) => scopes.has(scope) && ITEMS_OF_SCOPE[scope].includes(item)) &&
      (client.items === undefined || client.items.includes(item)),
  );
}
