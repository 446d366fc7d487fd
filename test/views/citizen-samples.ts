/** Owns one sample of every room of the citizen's page, for the tests of the views and for the preview. */
import type { AgencyPage, ShownAgency, ShownConsent } from '../../views/citizen/agencies.ts';
import type { HistoryEntry } from '../../views/citizen/history.ts';
import { RIGHTS } from '../../views/citizen/rights.ts';
import type { CitizenFrame, CitizenPage, LinkPage, RoomPage } from '../../views/citizen.ts';

const FRAME: CitizenFrame = { name: 'Nguyễn Văn An', formToken: 'dG9rZW4' };

const SERVICE = {
  agency: { vi: 'Thuế tỉnh Sông Hồng', en: 'Song Hong tax office' },
  name: { vi: 'Nộp tờ khai thuế', en: 'File a tax return' },
};
const CONSENT: ShownConsent = {
  id: 'f2f6a4de-3f0b-4f7e-8f31-0d2b1c8d8a01',
  purpose: { vi: 'Để nhận ra người nộp thuế.', en: 'To recognise the taxpayer.' },
  basis: 'consent',
  granted: ['name', 'birthdate', 'tax_code'],
  leftOut: ['gender'],
  since: '2027-03-14T08:15:00Z',
  until: '2027-09-10T08:15:00Z',
  lastUsed: '2027-04-02T01:05:00Z',
  receipt: '/citizen/receipts/f2f6a4de-3f0b-4f7e-8f31-0d2b1c8d8a01',
};
const AGENCY: ShownAgency = {
  client: 'song-hong',
  service: SERVICE,
  consent: CONSENT,
  see: '/citizen/agencies/song-hong',
};
const LIBRARY: ShownAgency = {
  client: 'library',
  service: {
    agency: { vi: 'Thư viện Quốc gia', en: 'National library' },
    name: { vi: 'Mượn sách', en: 'Borrow books' },
  },
  consent: { ...CONSENT, basis: 'law', granted: [], leftOut: [], ended: 'expired' },
  see: '/citizen/agencies/library',
};
const PICTURED: ShownAgency = {
  ...AGENCY,
  client: 'justice',
  service: { ...SERVICE, logo: `/logos/${'Ab3_-'.repeat(8)}xyz.png` },
  consent: {
    ...CONSENT,
    itemTerms: [
      {
        item: 'name',
        purpose: { vi: 'Ghi trên giấy xác nhận', en: 'Written on the confirmation' },
        basis: 'law',
        citation: 'Luật Quản lý thuế 38/2019/QH14, Điều 30',
      },
      { item: 'tax_code', purpose: { vi: 'Tìm hồ sơ', en: 'To find the file' }, basis: 'consent' },
    ],
  },
  see: '/citizen/agencies/justice',
};
const AGENCY_PAGE: AgencyPage = {
  page: 'citizen/agency',
  ...AGENCY,
  withdrawal: 'possible',
  minimum: 'loa2',
  home: 'https://songhong.example/',
  history: '/citizen/history?agency=song-hong',
  earlier: [{ ...CONSENT, ended: 'replaced' }],
};
const SIGN_IN: HistoryEntry = {
  id: '6a0e2a52-8e44-4a5c-9f0c-5f1f6f3c2a10',
  at: '2027-03-14T08:15:00Z',
  kind: 'person_identified',
  group: 'sign_ins',
  client: 'song-hong',
  service: SERVICE,
  source: { id: 'tax-code', name: { vi: 'Mã số thuế', en: 'Tax code' } },
  level: 'loa1',
  device: { browser: 'Chrome', system: 'Windows', form: 'desktop' },
  newDevice: true,
  see: '/citizen/history/6a0e2a52-8e44-4a5c-9f0c-5f1f6f3c2a10',
};
const EVENTS: readonly HistoryEntry[] = [
  SIGN_IN,
  { ...SIGN_IN, kind: 'sign_in_refused', group: 'refusals', reason: 'too_weak' },
  {
    id: SIGN_IN.id,
    at: SIGN_IN.at,
    kind: 'claims_released',
    group: 'sharing',
    client: 'song-hong',
    service: SERVICE,
    claims: ['name', 'birthdate', 'verified_claims'],
    purpose: CONSENT.purpose,
    see: SIGN_IN.see,
  },
  {
    id: SIGN_IN.id,
    at: SIGN_IN.at,
    kind: 'change_carried_out',
    group: 'changes',
    change: 'unlink',
    possible: false,
    see: SIGN_IN.see,
  },
];

const CASE = {
  number: 'KHQ7-2M9P',
  kind: 'correct',
  state: 'forwarded',
  opened: '2027-03-14T08:15:00Z',
  acknowledgeBy: '2027-03-16T16:59:59Z',
  answerBy: '2027-03-30T16:59:59Z',
} as const;

const ROOMS: Readonly<Record<string, RoomPage>> = {
  agencies: { page: 'citizen/agencies', agencies: [AGENCY, PICTURED, LIBRARY] },
  'agencies-none': { page: 'citizen/agencies', agencies: [] },
  agency: AGENCY_PAGE,
  'agency-pictured': { ...AGENCY_PAGE, ...PICTURED },
  'agency-withdrawn': {
    ...AGENCY_PAGE,
    consent: { ...CONSENT, ended: 'withdrawn' },
    withdrawal: 'over',
    logout: 'waiting',
  },
  'agency-by-law': { ...AGENCY_PAGE, consent: { ...CONSENT, basis: 'law' }, withdrawal: 'law' },
  history: {
    page: 'citizen/history',
    filters: { search: 'thuế' },
    agencies: [{ id: 'song-hong', name: SERVICE.agency }],
    sources: [{ id: 'tax-code', name: { vi: 'Mã số thuế', en: 'Tax code' } }],
    entries: EVENTS,
    older: '/citizen/history?search=thu%E1%BA%BF&after=1.2',
  },
  event: { page: 'citizen/event', entry: SIGN_IN, deniable: true },
  'event-denied': { page: 'citizen/event', entry: SIGN_IN, deniable: false, case: 'KHQ7-2M9P' },
  overview: {
    page: 'citizen/overview',
    attributes: [
      { id: 'name', value: 'Nguyễn Văn An' },
      { id: 'birthdate', value: '1990-03-14' },
      { id: 'gender', value: 'male' },
      { id: 'nationality', value: 'VN' },
    ],
    from: 'population_register',
    confirmed: '2027-03-14T08:15:00Z',
    signedIn: { source: { vi: 'Mã số thuế', en: 'Tax code' }, level: 'loa1', at: '2027-03-14T08:15:00Z' },
    attention: [
      { kind: 'source_suspended', source: { vi: 'Mã số thuế', en: 'Tax code' }, see: '/citizen/ways' },
      { kind: 'change_waits', change: 'unlink', due: '2027-03-21T08:15:00Z', see: '/citizen/changes' },
      { kind: 'case_open', number: 'KHQ7-2M9P', answerBy: '2027-03-30T17:00:00Z', see: '/citizen/cases/KHQ7-2M9P' },
      { kind: 'no_contact', see: '/citizen/contacts' },
      { kind: 'one_way_only', see: '/citizen/ways' },
    ],
  },
  ways: {
    page: 'citizen/ways',
    ways: [
      {
        source: 'tax-code',
        name: { vi: 'Mã số thuế', en: 'Tax code' },
        authority: { vi: 'Cục Thuế', en: 'Tax Department' },
        icon: 'receipt',
        level: 'loa1',
        links: [
          {
            id: 'a1.tax-code',
            account: '…11',
            state: 'active',
            removable: true,
            endsSession: false,
            how: 'number',
            first: '2026-03-14T08:15:00Z',
            last: '2027-03-14T08:15:00Z',
          },
        ],
        inUse: false,
        suspended: {
          since: '2027-03-14T08:15:00Z',
          case: 'KHQ7-2M9P',
          restorable: false,
          signIn: '/citizen/sign-in?back=%2Fcitizen%2Fways&fresh=yes&level=loa2',
        },
      },
      {
        source: 'social-insurance',
        name: { vi: 'Mã số BHXH', en: 'Social insurance number' },
        authority: { vi: 'Bảo hiểm xã hội Việt Nam', en: 'Vietnam Social Security' },
        icon: 'shield',
        level: 'loa2',
        links: [
          {
            id: 'b2.social-insurance',
            account: '…11',
            state: 'active',
            removable: true,
            endsSession: true,
            how: 'double_proof',
            first: '2026-03-14T08:15:00Z',
            last: '2027-03-14T08:15:00Z',
          },
        ],
        inUse: true,
      },
      {
        source: 'mobile-id',
        name: { vi: 'MobileID', en: 'MobileID' },
        authority: { vi: 'Nhà mạng di động', en: 'Your mobile operator' },
        icon: 'smartphone',
        level: 'loa3',
        links: [
          {
            id: 'c3.mobile-id',
            account: '…34',
            state: 'frozen',
            removable: true,
            endsSession: false,
            how: 'number',
            first: '2026-03-14T08:15:00Z',
            last: '2026-03-14T08:15:00Z',
          },
          {
            id: 'd4.mobile-id',
            account: '…35',
            state: 'unlinked',
            removable: false,
            endsSession: false,
            how: 'number',
            first: '2026-03-14T08:15:00Z',
            last: '2026-03-14T08:15:00Z',
          },
        ],
        inUse: false,
        blocked: '2027-03-14T08:15:00Z',
      },
      {
        source: 'digital-signature',
        name: { vi: 'Chữ ký số', en: 'Digital signature' },
        authority: { vi: 'Tổ chức chứng thực chữ ký số', en: 'Certificate authority' },
        icon: 'signature',
        level: 'loa4',
        links: [],
        inUse: false,
        link: '/citizen/sign-in?back=%2Fcitizen%2Fways&fresh=yes&source=digital-signature',
      },
    ],
  },
  sessions: {
    page: 'citizen/sessions',
    sessions: [
      {
        id: 'dGhpcw',
        isThis: true,
        device: { browser: 'Chrome', system: 'Windows', form: 'desktop' },
        source: { vi: 'Mã số thuế', en: 'Tax code' },
        level: 'loa1',
        begun: '2027-03-14T08:15:00Z',
        ends: '2027-03-14T20:15:00Z',
        services: [
          {
            agency: { vi: 'Sở Tư pháp tỉnh Bình Sơn', en: 'Bình Sơn Department of Justice' },
            name: { vi: 'Cấp phiếu lý lịch tư pháp', en: 'Criminal record certificate' },
          },
        ],
      },
      {
        id: 'b3RoZXI',
        isThis: false,
        source: { vi: 'MobileID', en: 'MobileID' },
        level: 'loa3',
        begun: '2027-03-14T07:15:00Z',
        ends: '2027-03-14T19:15:00Z',
        services: [],
      },
    ],
    notShown: 3,
    devices: [
      {
        id: '6a1f',
        isThis: true,
        label: { browser: 'Chrome', system: 'Windows', form: 'desktop' },
        first: '2026-03-14T08:15:00Z',
        last: '2027-03-14T08:15:00Z',
      },
      {
        id: '6a20',
        isThis: false,
        label: { browser: 'Safari', system: 'iOS', form: 'mobile' },
        first: '2026-03-14T08:15:00Z',
        last: '2027-03-13T08:15:00Z',
      },
    ],
  },
  changes: {
    page: 'citizen/changes',
    changes: [
      {
        id: '5b0c',
        kind: 'unlink',
        requested: '2027-03-14T08:15:00Z',
        due: '2027-03-21T08:15:00Z',
        source: { vi: 'Mã số thuế', en: 'Tax code' },
      },
      {
        id: '5b0d',
        kind: 'block',
        requested: '2027-03-14T09:15:00Z',
        due: '2027-03-21T09:15:00Z',
        allNew: true,
      },
    ],
  },
  'sign-in-again': {
    page: 'citizen/sign-in-again',
    needed: 'strongest',
    level: 'loa3',
    signIn: '/citizen/sign-in?back=%2Fcitizen%2Fways',
    back: '/citizen/ways',
    wait: { action: '/citizen/ways/unlink', fields: { link: '1' } },
  },
  contacts: {
    page: 'citizen/contacts',
    contacts: [
      { id: '1', kind: 'mail', address: 'an.nguyen@example.vn', language: 'vi', since: '2027-03-14T08:15:00Z' },
    ],
    offered: ['mail', 'phone'],
  },
  'contacts-none': { page: 'citizen/contacts', contacts: [], offered: [] },
  'contact-code': {
    page: 'citizen/contact-code',
    proposal: 'proposal',
    kind: 'phone',
    address: '+84912000011',
    until: '2027-03-14T08:25:00Z',
  },
  rights: {
    page: 'citizen/rights',
    acknowledgedWithin: 2,
    rights: RIGHTS.map((kind) => ({ kind, see: `/citizen/${kind}`, days: { alone: 15, withProcessors: 20 } })),
    cases: { open: 1, all: 3 },
  },
  'rights-open': {
    page: 'citizen/rights-open',
    kind: 'restrict',
    kinds: (['inform', 'restrict', 'object', 'complain'] as const).map((kind) => ({
      kind,
      days: { alone: 15, withProcessors: 20 },
    })),
    services: [{ client: 'song-hong', ...SERVICE }],
  },
  'rights-correct': {
    page: 'citizen/rights-correct',
    days: { alone: 10, withProcessors: 15 },
    attributes: [
      { id: 'name', value: 'Nguyễn Văn An', by: 'population_register' },
      { id: 'birthdate', value: '1990-03-14', by: 'population_register' },
      { id: 'place_of_birth', by: 'population_register' },
      { id: 'tax_code', value: '8000000011', by: 'tax_authority' },
    ],
    attribute: 'birthdate',
  },
  cases: {
    page: 'citizen/cases',
    cases: [CASE, { ...CASE, number: 'TA49-WE3Q', kind: 'complain', state: 'answered' }],
  },
  'cases-none': { page: 'citizen/cases', cases: [] },
  case: {
    ...CASE,
    page: 'citizen/case',
    about: { attribute: 'birthdate', shouldBe: '15/03/1990', said: 'Theo giấy khai sinh.\nXin cảm ơn.' },
  },
  'case-answered': {
    ...CASE,
    page: 'citizen/case',
    kind: 'object',
    state: 'answered',
    acknowledged: '2027-03-15T02:00:00Z',
    answered: '2027-03-20T02:00:00Z',
    about: { service: SERVICE, source: { vi: 'Mã số thuế', en: 'Tax code' }, said: 'Tôi không đồng ý.' },
    answer: 'Bệnh viện đã ngừng xử lý.\nMọi thắc mắc xin gọi tổng đài.',
  },
  erase: {
    page: 'citizen/erase',
    agencies: [{ client: 'song-hong', ...SERVICE }],
    days: 7,
    isHeld: false,
  },
  'erase-held': { page: 'citizen/erase', agencies: [], days: 7, isHeld: true },
  'erase-waits': {
    page: 'citizen/erase',
    agencies: [],
    days: 7,
    isHeld: false,
    waits: { due: '2027-03-21T08:15:00Z', case: 'KHQ7-2M9P' },
  },
};

const DENIED: LinkPage = {
  page: 'citizen/not-me',
  at: '2027-03-14T08:15:00Z',
  agency: { vi: 'Bệnh viện Đa khoa Sông Hồng', en: 'Red River General Hospital' },
  source: { vi: 'Mã số thuế', en: 'Tax code' },
  device: { browser: 'Chrome', system: 'Windows', form: 'desktop' },
};
const WAITING: LinkPage = {
  page: 'citizen/stop',
  change: 'contact',
  requested: '2027-03-14T08:15:00Z',
  due: '2027-03-21T08:15:00Z',
  stopped: false,
};

const LINKS: Readonly<Record<string, LinkPage>> = {
  'not-me': DENIED,
  'not-me-done': { ...DENIED, case: 'KHQ7-2M9P' },
  stop: WAITING,
  'stop-done': { ...WAITING, stopped: true },
};

export const CITIZEN_PAGES: readonly (readonly [name: string, page: CitizenPage])[] = [
  ...Object.entries(ROOMS).map(
    ([name, room]) => [`citizen-${name}`, { ...room, citizen: FRAME } as CitizenPage] as const,
  ),
  ...Object.entries(LINKS).map(([name, page]) => [`citizen-${name}`, page] as const),
];
