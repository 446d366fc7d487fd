/** Owns the Vietnamese words that all pages of the developer console share; each page has its own beside. */
import { agencyInVietnamese } from './developer/agency.vi.ts';
import { faultsInVietnamese } from './developer/faults.vi.ts';
import { invitationInVietnamese } from './developer/invitation.vi.ts';
import { overviewInVietnamese } from './developer/overview.vi.ts';
import { piecesInVietnamese } from './developer/pieces.vi.ts';
import { previewInVietnamese } from './developer/preview.vi.ts';
import { productionInVietnamese, submissionsInVietnamese, trailInVietnamese } from './developer/production.vi.ts';
import { referenceInVietnamese } from './developer/reference.vi.ts';
import { serviceInVietnamese, servicesInVietnamese } from './developer/services.vi.ts';
import { credentialsInVietnamese, settingsInVietnamese } from './developer/settings.vi.ts';
import { sightingsInVietnamese } from './developer/sightings.vi.ts';
import { signInAgainInVietnamese } from './developer/sign-in-again.vi.ts';
import { signInsInVietnamese } from './developer/sign-ins.vi.ts';
import { simulatorInVietnamese } from './developer/simulator.vi.ts';
import { testPeopleInVietnamese } from './developer/test-people.vi.ts';
import { tokensInVietnamese } from './developer/tokens.vi.ts';
import { tryItInVietnamese } from './developer/try-it.vi.ts';

export const developerInVietnamese = {
  name: 'Trang nhà phát triển',
  rooms: 'Các mục',
  room: {
    '/developer': 'Cơ quan của tôi',
    '/developer/services': 'Dịch vụ',
    '/developer/test-people': 'Người dân giả định',
    '/developer/tokens': 'Mã API',
    '/developer/reference': 'Tài liệu API',
    '/developer/submissions': 'Chờ duyệt',
  },
  signedInAs: 'Đang đăng nhập:',
  nobody: 'chưa giới thiệu',
  signOut: 'Đăng xuất',
  back: 'Quay lại',
  wrong: (count: number) => (count === 1 ? 'Có một chỗ cần sửa' : `Có ${count} chỗ cần sửa`),
  /** Fields of forms, as the contract calls them. */
  field: {
    name: 'Họ và tên',
    'name.vi': 'Tên tiếng Việt',
    'name.en': 'Tên tiếng Anh',
    mail: 'Thư điện tử',
    'contact.mail': 'Thư liên hệ',
    'contact.phone': 'Điện thoại liên hệ',
    sector: 'Lĩnh vực',
    id: 'Mã',
    jwk: 'Khóa',
    days: 'Số ngày',
    scopes: 'Quyền',
    reason: 'Lý do',
    confirm: 'Xác nhận',
    content: 'Tệp hình',
    fault: 'Lỗi',
    role: 'Vai trò',
  } as Readonly<Record<string, string>>,
  role: {
    reader: 'Người xem',
    developer: 'Người phát triển',
    owner: 'Chủ quản',
    registrar: 'Cán bộ thẩm định của Liên Thông',
  },
  environment: { sandbox: 'Thử nghiệm', production: 'Chính thức' },
  sector: {
    administration: 'Hành chính',
    taxation: 'Thuế',
    social_security: 'Bảo hiểm xã hội',
    health: 'Y tế',
    education: 'Giáo dục',
    transport: 'Giao thông',
    justice: 'Tư pháp',
    land: 'Đất đai',
    labour: 'Lao động',
    business: 'Doanh nghiệp',
    culture: 'Văn hóa',
    other: 'Khác',
  },
  overview: overviewInVietnamese,
  reference: referenceInVietnamese,
  agency: agencyInVietnamese,
  invitation: invitationInVietnamese,
  tokens: tokensInVietnamese,
  services: servicesInVietnamese,
  service: serviceInVietnamese,
  settings: settingsInVietnamese,
  credentials: credentialsInVietnamese,
  production: productionInVietnamese,
  submissions: submissionsInVietnamese,
  trail: trailInVietnamese,
  'sign-in-again': signInAgainInVietnamese,
  faults: faultsInVietnamese,
  pieces: piecesInVietnamese,
  preview: previewInVietnamese,
  sightings: sightingsInVietnamese,
  'sign-ins': signInsInVietnamese,
  simulator: simulatorInVietnamese,
  'test-people': testPeopleInVietnamese,
  'try-it': tryItInVietnamese,
};
export type DeveloperTexts = typeof developerInVietnamese;
