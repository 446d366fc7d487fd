/** Owns finding a service that is live by half: its record, its client, its versions and the trail have to say the same. */
import { clientOf, type serviceOf, stage } from './console-stage.ts';

export interface Compared {
  readonly id: string;
  readonly environment: 'sandbox' | 'production';
  readonly is: object;
  readonly whole: object;
}

/** What services are in the database, and what they would be if nothing were there by half. */
export async function standingsOf(services: readonly string[]): Promise<readonly Compared[]> {
  const names = services.map((id) => `'${id}'`).join();
  const { rows } = stage.engines;
  const all = await rows(`select id, document::json as service from service where id in (${names})`);
  const found: Compared[] = [];
  for (const { id, service } of all as { id: string; service: Awaited<ReturnType<typeof serviceOf>> }[])
    for (const environment of ['sandbox', 'production'] as const) {
      const { live, newest, state, credentials } = service[environment];
      const side = environment === 'sandbox' ? 'sandbox' : 'hub';
      const [client] = await rows(
        `select registration::json as registration from client where issuer = '${side}' and id = '${clientOf(side, id)}'`,
      );
      const versions = await rows(
        `select number from service_version where service = '${id}' and environment = '${environment}' order by number`,
      );
      // Handed in, a version is there before anybody agreed to it; the trail then says what became of it.
      const waiting = service.production.submission?.state === 'open' ? [service.production.submission.version] : [];
      const told = await rows(
        `select after::json ->> 'version' as version from trail where service = '${id}'
          and action in ('${environment}.published', '${environment}.submission_withdrawn')`,
      );
      const registration = client?.registration as
        | { version: number; authentication: { secrets?: { hash: string }[]; secret_hash?: string } }
        | undefined;
      const hashes = registration?.authentication.secrets?.map(({ hash }) => hash) ?? [];
      const whole = {
        state: 'live',
        client: live,
        numbers: versions.map((_, n) => n + 1),
        newest: versions.length,
        told: versions.map((_, n) => n + 1),
        secrets: credentials.length,
      };
      const is = {
        state,
        client: registration?.version,
        numbers: versions.map(({ number }) => Number(number)),
        newest,
        told: [...told.map(({ version }) => Number(version)), ...(environment === 'production' ? waiting : [])].sort(
          (one, other) => one - other,
        ),
        secrets: hashes.length,
      };
      found.push({ id, environment, is, whole });
    }
  return found;
}
