/** Owns the Vietnamese words that all rooms of the citizen's page share; each room has its own beside. */
import type { ChangeKind, ContactKind, DeviceLabel } from '../../src/citizen/ports.ts';
import type { Acr } from '../../src/identity/assertion.ts';
import { agenciesInVietnamese, agencyInVietnamese } from './citizen/agencies.vi.ts';
import { caseInVietnamese, casesInVietnamese } from './citizen/cases.vi.ts';
import { changesInVietnamese } from './citizen/changes.vi.ts';
import { contactCodeInVietnamese, contactsInVietnamese } from './citizen/contacts.vi.ts';
import { eraseInVietnamese } from './citizen/erase.vi.ts';
import { eventInVietnamese, historyInVietnamese } from './citizen/history.vi.ts';
import { notMeInVietnamese, stopInVietnamese } from './citizen/links.vi.ts';
import { overviewInVietnamese } from './citizen/overview.vi.ts';
import { correctInVietnamese, openCaseInVietnamese, rightsInVietnamese } from './citizen/rights.vi.ts';
import { sessionsInVietnamese } from './citizen/sessions.vi.ts';
import { signInAgainInVietnamese } from './citizen/sign-in-again.vi.ts';
import { waysInVietnamese } from './citizen/ways.vi.ts';

export const citizenInVietnamese = {
  name: 'Trang của tôi',
  rooms: 'Các mục',
  /** By the path of the room. */
  room: {
    '/citizen': 'Tổng quan',
    '/citizen/ways': 'Cách đăng nhập',
    '/citizen/agencies': 'Cơ quan đã nhận',
    '/citizen/history': 'Lịch sử',
    '/citizen/sessions': 'Thiết bị và phiên',
    '/citizen/contacts': 'Liên hệ',
    '/citizen/rights': 'Quyền của tôi',
  },
  signedInAs: 'Đang đăng nhập:',
  signOut: 'Đăng xuất',
  back: 'Quay lại',
  level: {
    loa1: 'Mức 1: mật khẩu',
    loa2: 'Mức 2: mật khẩu và mã dùng một lần',
    loa3: 'Mức 3: khóa và mã PIN trong SIM hoặc ứng dụng',
    loa4: 'Mức 4: thẻ hoặc USB ký số',
  } satisfies Record<Acr, string>,
  device: ({ browser, system, form, shared }: DeviceLabel): string => {
    const where = { desktop: 'máy tính', mobile: 'điện thoại', tablet: 'máy tính bảng', unknown: 'thiết bị' }[form];
    const named = [browser, system && `trên ${system}`].filter(Boolean).join(' ');
    return `${named || 'Trình duyệt không rõ'} (${where}${shared ? ' dùng chung' : ''})`;
  },
  unknownDevice: 'Thiết bị không rõ',
  change: {
    unlink: 'Bỏ một cách đăng nhập',
    block: 'Chặn một cách đăng nhập',
    unblock: 'Bỏ chặn một cách đăng nhập',
    contact: 'Đổi địa chỉ liên hệ',
    contact_removal: 'Xóa địa chỉ liên hệ',
    erasure: 'Xóa toàn bộ dữ liệu',
  } satisfies Record<ChangeKind, string>,
  contactKind: { mail: 'Thư điện tử', phone: 'Điện thoại' } satisfies Record<ContactKind, string>,
  gender: { male: 'Nam', female: 'Nữ' },
  overview: overviewInVietnamese,
  agencies: agenciesInVietnamese,
  agency: agencyInVietnamese,
  history: historyInVietnamese,
  event: eventInVietnamese,
  contacts: contactsInVietnamese,
  'contact-code': contactCodeInVietnamese,
  'not-me': notMeInVietnamese,
  stop: stopInVietnamese,
  ways: waysInVietnamese,
  sessions: sessionsInVietnamese,
  changes: changesInVietnamese,
  'sign-in-again': signInAgainInVietnamese,
  rights: rightsInVietnamese,
  'rights-open': openCaseInVietnamese,
  'rights-correct': correctInVietnamese,
  cases: casesInVietnamese,
  case: caseInVietnamese,
  erase: eraseInVietnamese,
};

export type CitizenTexts = typeof citizenInVietnamese;
