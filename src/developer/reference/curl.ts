/** Owns the line that somebody may copy to call an operation: at this very hub, with what they have in their shell. */
import { found, type Operation, type Parameter } from '../description.ts';

/** Of the ways of proving who calls, the one a script would use. */
const PROOFS: Readonly<Record<string, string>> = {
  developerToken: '-H "Authorization: Bearer $TOKEN"',
  developerSession: '-b "$COOKIE" -H "X-Form-Token: $FORM_TOKEN"',
  clientSecretBasic: '-u "$CLIENT_ID:$CLIENT_SECRET"',
  accessToken: '-H "Authorization: Bearer $ACCESS_TOKEN"',
  citizenToken: '-H "Authorization: Bearer $ACCESS_TOKEN"',
};

/** The call with its examples; nothing where the description has no example of a body. */
export function curlOf(hub: string, method: string, path: string, described: Operation): string | undefined {
  const parameters = (described.parameters ?? []).map((one) => found<Parameter>(one));
  const { example: body, type } = exampleBody(described);
  if (described.requestBody?.required && body === undefined) return undefined;
  const query = parameters.filter((one) => one.in === 'query' && one.required && one.example !== undefined);
  const search = query.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join('&');
  const filled = path.replace(/\{(\w+)\}/g, (step, name) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    return parameter?.example === undefined ? step : encodeURIComponent(String(parameter.example));
  });
  const schemes = (described.security ?? []).flatMap((one) => Object.keys(one));
  const proof = Object.keys(PROOFS).find((scheme) => schemes.includes(scheme));
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(`${hub}${filled}${search && `?${search}`}`)}`,
    ...(proof === undefined ? [] : [PROOFS[proof]!]),
    ...(body === undefined ? [] : sending(body, type)),
  ].join(' \\\n  ');
}

function exampleBody({ requestBody }: Operation): { readonly type: string; readonly example?: unknown } {
  const [type = '', media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const example = media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
  return { type, example };
}

function sending(body: unknown, type: string): string[] {
  if (type === 'application/json')
    return [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body, null, 2))}`];
  if (typeof body !== 'object' || body === null) return [`-d ${quoted(String(body))}`];
  return Object.entries(body).map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`);
}

/** As a shell takes it unchanged. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
