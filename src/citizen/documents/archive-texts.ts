/** Owns every word people read in an archive: headings, names of members, what codes mean, how to verify. */
import type { Language, Localised } from '../../../views/pages.ts';
import type { PersonalData } from './personal-data.ts';

interface PageTexts {
  readonly title: string;
  readonly madeBy: (issuer: string, moment: string) => string;
  readonly lead: string;
  /** Of an archive that was taken with a weak sign-in. */
  readonly shortened: string;
  readonly none: string;
  readonly yes: string;
  readonly no: string;
  readonly readme: (issuer: string) => string;
}

export const PAGE_TEXTS: Readonly<Record<Language, PageTexts>> = {
  vi: {
    title: 'Dữ liệu của tôi tại Liên Thông',
    madeBy: (issuer, moment) => `Lập bởi ${issuer}, ${moment} (giờ Việt Nam).`,
    lead: 'Đây là toàn bộ dữ liệu Liên Thông đang giữ về bạn. Tệp data.json có cùng nội dung để máy đọc. Tệp này chứa dữ liệu cá nhân: hãy cất giữ cẩn thận.',
    shortened:
      'Tài khoản và địa chỉ liên hệ chỉ ghi một phần, vì bạn đã đăng nhập bằng cách yếu hơn cách mạnh nhất của mình. Muốn đầy đủ, hãy đăng nhập bằng cách mạnh nhất rồi tải lại.',
    none: 'Không có.',
    yes: 'Có',
    no: 'Không',
    readme: (issuer) => `DỮ LIỆU CỦA TÔI TẠI LIÊN THÔNG

index.html         trang để đọc
data.json          cùng dữ liệu, để máy đọc; cấu trúc trong data.schema.json
receipts/          biên nhận của từng lần đồng ý, mỗi biên nhận có chữ ký riêng
manifest.json      danh sách, kích thước và mã băm SHA-256 của mọi tệp
manifest.jws       chữ ký điện tử trên danh sách đó (JWS, RFC 7515, ES256)

Cách kiểm tra: khóa công khai ở ${issuer}/record-keys
Với chương trình Liên Thông:

    npm run verify -- TỆP.zip --keys ${issuer}/record-keys

Kiểm tra tệp ZIP nguyên vẹn như khi tải về: giải nén rồi nén lại là một tệp khác.
Tự kiểm tra: chữ ký của manifest.jws phải đúng với khóa có cùng kid, phần nội dung của nó
phải giống hệt manifest.json, và mã băm của từng tệp phải đúng như trong danh sách.
`,
  },
  en: {
    title: 'My data at Liên Thông',
    madeBy: (issuer, moment) => `Made by ${issuer}, ${moment} (time of Viet Nam).`,
    lead: 'This is all that Liên Thông holds about you. data.json has the same for machines. It is personal data: keep it with care.',
    shortened:
      'Of accounts and contacts only a part stands here, because you signed in by a weaker way than your strongest. To get all of them, sign in by the strongest and download again.',
    none: 'None.',
    yes: 'Yes',
    no: 'No',
    readme: (issuer) => `MY DATA AT LIÊN THÔNG

index.html         a page to read
data.json          the same data for machines; data.schema.json says how it is built
receipts/          the receipt of each consent, each with a signature of its own
manifest.json      name, size and SHA-256 of every other file
manifest.jws       the signature on that list (JWS, RFC 7515, ES256)

To verify: the public keys are at ${issuer}/record-keys
With the program of Liên Thông:

    npm run verify -- FILE.zip --keys ${issuer}/record-keys

Verify the ZIP file as it was downloaded: one that was unpacked and packed again is another.
By yourself: the signature of manifest.jws has to verify with the key of the same kid, its
payload has to be manifest.json to the byte, and each file has to have its hash of the list.
`,
  },
};

/** In the order of the page. */
export const SECTIONS = [
  'who',
  'ways',
  'blocks',
  'contacts',
  'consents',
  'subjects',
  'history',
  'devices',
  'alerts',
  'sessions',
  'cases',
  'waiting_changes',
  'reviews',
  'developer_accounts',
] as const satisfies readonly (keyof PersonalData)[];

/** What the members of the data are called. */
export const LABELS = {
  who: { vi: 'Bạn là ai', en: 'Who you are' },
  ways: { vi: 'Cách đăng nhập', en: 'Ways to sign in' },
  contacts: { vi: 'Liên hệ', en: 'Contacts' },
  consents: { vi: 'Các lần đồng ý', en: 'Consents' },
  subjects: { vi: 'Mã của bạn tại từng cơ quan', en: 'Your code at each agency' },
  history: { vi: 'Lịch sử', en: 'History' },
  devices: { vi: 'Thiết bị', en: 'Devices' },
  sessions: { vi: 'Phiên đang mở', en: 'Open sessions' },
  cases: { vi: 'Yêu cầu của bạn', en: 'Your requests' },
  waiting_changes: { vi: 'Thay đổi đang chờ', en: 'Changes that wait' },
  reviews: { vi: 'Việc đang xem xét', en: 'Reviews' },
  developer_accounts: { vi: 'Tài khoản ở trang dành cho cơ quan', en: 'Accounts in the console for agencies' },
  tokens: { vi: 'Mã truy cập API', en: 'API tokens' },
  attributes: { vi: 'Thông tin', en: 'Attributes' },
  personal_numbers: { vi: 'Số định danh cá nhân', en: 'Personal numbers' },
  shortened: { vi: 'Đã rút gọn', en: 'Shortened' },
  register_confirmed_at: { vi: 'Cơ sở dữ liệu dân cư xác nhận lúc', en: 'Confirmed by the population register' },
  name: { vi: 'Tên', en: 'Name' },
  gender: { vi: 'Giới tính', en: 'Gender' },
  birthdate: { vi: 'Ngày sinh', en: 'Birth date' },
  place_of_birth: { vi: 'Nơi sinh', en: 'Place of birth' },
  locality: { vi: 'Địa phương', en: 'Locality' },
  nationalities: { vi: 'Quốc tịch', en: 'Nationality' },
  personal_number: { vi: 'Số định danh cá nhân', en: 'Personal number' },
  tax_code: { vi: 'Mã số thuế', en: 'Tax code' },
  id: { vi: 'Mã', en: 'Id' },
  source: { vi: 'Nguồn', en: 'Source' },
  level: { vi: 'Mức', en: 'Level' },
  state: { vi: 'Trạng thái', en: 'State' },
  account: { vi: 'Tài khoản', en: 'Account' },
  how: { vi: 'Liên kết bằng', en: 'Linked by' },
  first_at: { vi: 'Lần đầu', en: 'First' },
  last_at: { vi: 'Lần cuối', en: 'Last' },
  blocks: { vi: 'Cách đăng nhập đã khóa', en: 'Ways that are blocked' },
  case: { vi: 'Số hồ sơ', en: 'Case' },
  alerts: { vi: 'Báo đăng nhập lạ', en: 'Alerts of sign-ins' },
  expires_at: { vi: 'Hết hạn', en: 'Expires' },
  reason: { vi: 'Lý do', en: 'Reason' },
  at: { vi: 'Lúc', en: 'When' },
  kind: { vi: 'Loại', en: 'Kind' },
  address: { vi: 'Địa chỉ', en: 'Address' },
  language: { vi: 'Ngôn ngữ', en: 'Language' },
  confirmed_at: { vi: 'Xác nhận lúc', en: 'Confirmed' },
  client: { vi: 'Mã dịch vụ', en: 'Client' },
  agency: { vi: 'Cơ quan', en: 'Agency' },
  agencies: { vi: 'Các cơ quan', en: 'Agencies' },
  service: { vi: 'Dịch vụ', en: 'Service' },
  purpose: { vi: 'Mục đích', en: 'Purpose' },
  basis: { vi: 'Căn cứ', en: 'Basis' },
  offered: { vi: 'Được hỏi', en: 'Asked for' },
  granted: { vi: 'Đã đồng ý', en: 'Agreed to' },
  from: { vi: 'Từ', en: 'From' },
  to: { vi: 'Đến', en: 'To' },
  end_reason: { vi: 'Kết thúc vì', en: 'Ended because' },
  used_at: { vi: 'Dùng lần cuối', en: 'Last used' },
  receipt: { vi: 'Biên nhận', en: 'Receipt' },
  sub: { vi: 'Mã tại cơ quan', en: 'Code at the agency' },
  text: { vi: 'Việc đã xảy ra', en: 'What happened' },
  claims: { vi: 'Dữ liệu', en: 'Data' },
  device: { vi: 'Thiết bị', en: 'Device' },
  label: { vi: 'Mô tả', en: 'Description' },
  browser: { vi: 'Trình duyệt', en: 'Browser' },
  system: { vi: 'Hệ điều hành', en: 'System' },
  form: { vi: 'Dạng', en: 'Form' },
  shared: { vi: 'Dùng chung', en: 'Shared' },
  known: { vi: 'Đã biết', en: 'Known' },
  began_at: { vi: 'Bắt đầu', en: 'Began' },
  current: { vi: 'Phiên này', en: 'This one' },
  number: { vi: 'Số', en: 'Number' },
  content: { vi: 'Nội dung', en: 'Content' },
  answer: { vi: 'Trả lời', en: 'Answer' },
  opened_at: { vi: 'Mở lúc', en: 'Opened' },
  acknowledge_by: { vi: 'Hạn tiếp nhận', en: 'Acknowledged by' },
  answer_by: { vi: 'Hạn trả lời', en: 'Answered by' },
  acknowledged_at: { vi: 'Tiếp nhận lúc', en: 'Acknowledged' },
  answered_at: { vi: 'Trả lời lúc', en: 'Answered' },
  detail: { vi: 'Chi tiết', en: 'Detail' },
  requested_at: { vi: 'Yêu cầu lúc', en: 'Requested' },
  due_at: { vi: 'Có hiệu lực', en: 'Due' },
  decision: { vi: 'Quyết định', en: 'Decision' },
  decided_at: { vi: 'Quyết định lúc', en: 'Decided' },
} as const satisfies Readonly<Record<string, Localised>>;

/** Members whose values are codes. */
export const CODED: ReadonlySet<string> = new Set(['state', 'how', 'basis', 'end_reason', 'kind']);

/** What codes mean; others stand as they are. */
export const VALUES: Readonly<Record<string, Localised>> = {
  active: { vi: 'đang dùng', en: 'active' },
  frozen: { vi: 'tạm dừng', en: 'frozen' },
  unlinked: { vi: 'đã gỡ', en: 'unlinked' },
  blocked: { vi: 'đã khóa', en: 'blocked' },
  double_proof: { vi: 'hai bằng chứng', en: 'two proofs' },
  consent: { vi: 'sự đồng ý của bạn', en: 'your consent' },
  law: { vi: 'theo luật', en: 'law' },
  withdrawn: { vi: 'đã rút lại', en: 'withdrawn' },
  replaced: { vi: 'đã thay bằng lần mới', en: 'replaced by a newer one' },
  expired: { vi: 'hết hạn', en: 'expired' },
  mail: { vi: 'thư điện tử', en: 'e-mail' },
  phone: { vi: 'điện thoại', en: 'phone' },
};
