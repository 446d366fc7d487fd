/** Owns what the tests of the phone path share: the sandbox's operator, and the hub's side of the interface. */
import { openEmbeddedStore } from '../../../adapters/store.ts';
import { MobileAttempts } from '../../../providers/mobile-id/attempts.ts';
import { MobileId, type MobileIdSettings, type SignInOrder } from '../../../providers/mobile-id/mobile-id.ts';
import type { SessionStatus } from '../../../providers/mobile-id/operator.ts';
import { PushLimits } from '../../../providers/mobile-id/push-limits.ts';
import { PERSONAL_NUMBER } from '../../../sandbox/certificate-authority.ts';
import { type Listener, listen } from '../../../sandbox/listener.ts';
import { type MobileOperator, openMobileOperator } from '../../../sandbox/mobile-operator/mobile-operator.ts';
import { Registers } from '../../../sandbox/registers.ts';
import type { Store } from '../../../src/store.ts';
import { generateKeys } from '../../../src/vault/keys.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { createOutgoing, type Outgoing } from '../../../src/web/outgoing.ts';

export const RELYING_PARTY = { uuid: '5c5a9b3e-0000-4000-8000-000000000001', name: 'Lien Thong' } as const;

/** Nguyễn Văn An's phone, about to sign in to the library. */
export const AN: SignInOrder = {
  phone: '+84912000011',
  personalNumber: '097090000011',
  displayName: 'Thư viện Điện tử',
  language: 'vi',
};

export const PATIENT = AbortSignal.timeout(600_000);

type Complete = Exclude<SessionStatus, { state: 'RUNNING' }>;

export interface PhoneCountry {
  readonly operator: MobileOperator;
  readonly registers: Registers;
  readonly mobileId: MobileId;
  readonly attempts: MobileAttempts;
  readonly limits: PushLimits;
  readonly store: Store;
  /** Sets the hub's clock ahead (milliseconds). */
  pass(milliseconds: number): void;
  /** Every address the hub called, with how many calls were under way. */
  readonly calls: { readonly url: string; readonly underWay: number; readonly body: string | undefined }[];
  close(): Promise<void>;
}

/** The settings of a hub that trusts an operator. */
export function settingsFor(url: string, operator: Pick<MobileOperator, 'authority' | 'policy'>): MobileIdSettings {
  return {
    id: 'mobile-id',
    acr: 'loa3',
    url,
    relyingParty: RELYING_PARTY,
    authorities: [{ id: 'mobile', anchors: [operator.authority], personalNumber: PERSONAL_NUMBER }],
    policies: [operator.policy],
  };
}

/** Opens the operator on a free port and a hub's side that knows it. */
export async function openPhoneCountry(patience?: number): Promise<PhoneCountry> {
  const registers = await Registers.read(new URL('../../../sandbox/registers', import.meta.url).pathname);
  const listener: Listener = await listen(0, 'mobile operator');
  const operator = await openMobileOperator({
    listener,
    registers,
    relyingParty: RELYING_PARTY,
    ...(patience === undefined ? {} : { patience }),
  });
  const calls: PhoneCountry['calls'] = [];
  let underWay = 0;
  const outgoing = createOutgoing({ allowLoopback: true, privateNetworks: [] });
  const fetch: Outgoing['fetch'] = async (url, init) => {
    underWay += 1;
    calls.push({ url: String(url), underWay, body: init?.body as string | undefined });
    return outgoing.fetch(url, init).finally(() => {
      underWay -= 1;
    });
  };
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  const store = openEmbeddedStore({ directory: ':memory:', vault: createVault(generateKeys()), clock });
  const mobileId = new MobileId({ settings: settingsFor(operator.url, operator), outgoing: { fetch }, clock });
  const limits = new PushLimits({ state: store.state, clock });
  return {
    operator,
    registers,
    mobileId,
    limits,
    attempts: new MobileAttempts({ mobileId, limits, state: store.state }),
    store,
    pass: (milliseconds) => {
      ahead += milliseconds;
    },
    calls,
    close: async () => {
      await listener.close();
      await outgoing.close();
      await store.close();
    },
  };
}

/** Polls until the session has ended. */
export async function ending(mobileId: MobileId, session: string): Promise<Complete> {
  for (;;) {
    const status = await mobileId.poll(session, PATIENT);
    if (status.state === 'COMPLETE') return status;
  }
}
