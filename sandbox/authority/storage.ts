/** Owns an authority's protocol state: in memory, gone with the process, each entry with its own end. */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly endsAt: number;
}

/** Past this many entries the ended ones are swept out. */
const SWEEP_SIZE = 5_000;

/** A store for one provider, whose only client it knows from the start; each of the library's models is a view on it. */
export function memoryStorage(client: AdapterPayload & { readonly client_id?: string | undefined }): AdapterFactory {
  const entries = new Map<string, Entry>([[`Client:${client.client_id}`, { payload: client, endsAt: Infinity }]]);

  const live = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.endsAt > Date.now() ? entry.payload : undefined;
  };
  const sweep = () => {
    for (const [key, entry] of entries) if (entry.endsAt <= Date.now()) entries.delete(key);
  };

  return (model): Adapter => ({
    async upsert(id, payload, expiresIn) {
      if (entries.size > SWEEP_SIZE) sweep();
      entries.set(`${model}:${id}`, { payload, endsAt: expiresIn ? Date.now() + expiresIn * 1000 : Infinity });
    },
    find: async (id) => live(`${model}:${id}`),
    findByUid: async (uid) => {
      for (const [key, { payload }] of entries)
        if (payload.uid === uid && key.startsWith(`${model}:`)) return live(key);
      return undefined;
    },
    findByUserCode: async () => undefined, // no device flow here
    async consume(id) {
      const payload = live(`${model}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    },
  });
}
