/** Owns the Vietnamese words of the ways to sign in. */
import type { LinkState } from '../../../src/identity/person.ts';

export const waysInVietnamese = {
  title: 'Cách đăng nhập',
  lead: 'Mọi cách đăng nhập dưới đây đều dẫn đến cùng một người. Liên kết thêm để phòng khi mất, chặn cách không còn dùng.',
  strongest: 'Mỗi thay đổi ở đây cần vừa đăng nhập bằng cách mạnh nhất đã liên kết, hoặc chờ 7 ngày.',
  inUse: 'Phiên này đang dùng',
  linked: 'Đã liên kết',
  notLinked: 'Chưa liên kết',
  blocked: 'Đã chặn',
  suspended: 'Đang tạm dừng',
  account: 'Tài khoản',
  /** Of an account that is not simply in use. */
  state: {
    frozen: 'Tạm khóa: chủ tài khoản ở đó đã thay đổi',
    unlinked: 'Đã bỏ',
    blocked: 'Đã khóa',
  } satisfies Record<Exclude<LinkState, 'active'>, string>,
  standing: 'Tình trạng',
  first: 'Liên kết lúc',
  how: { number: 'theo số định danh', double_proof: 'nhờ xác nhận cả hai tài khoản' },
  last: 'Dùng lần cuối',
  blockedText: (since: string) => `Bị chặn từ ${since}. Không ai đăng nhập được bằng cách này.`,
  suspendedText: (since: string) => `Tạm dừng từ ${since} vì có người báo một lần đăng nhập không phải của mình.`,
  case: 'Hồ sơ',
  restore: 'Mở lại',
  restoreText: 'Vừa đăng nhập bằng cách mạnh hơn, nên có thể mở lại ngay.',
  restoreSignIn: 'Đăng nhập bằng cách mạnh hơn để mở lại',
  restoreOperator: 'Không còn cách đăng nhập nào mạnh hơn, nên chỉ tổng đài mở lại được.',
  link: 'Liên kết',
  unlink: 'Bỏ liên kết',
  block: 'Chặn',
  unblock: 'Bỏ chặn',
  /** For who hears a button without what stands around it. */
  ofAccount: (source: string, account: string) => `${source}, tài khoản ${account}`,
  ends: 'Tôi biết phiên này sẽ kết thúc',
  more: 'Liên kết thêm một cách',
  moreText:
    'Chọn "Liên kết" ở cách muốn thêm rồi đăng nhập ở đó. Nơi nào cho biết số định danh cá nhân thì liên kết được ngay. Nếu không, sẽ được mời xác nhận thêm bằng một cách đã có, và phải là cách mạnh nhất.',
  all: 'Các cách chưa liên kết',
  allText: 'Chặn hết các cách chưa liên kết thì không ai, kể cả chủ nhân, liên kết thêm được cho đến khi bỏ chặn.',
  allBlocked: (since: string) => `Bị chặn từ ${since}: chưa thể liên kết thêm. Muốn liên kết, vui lòng bỏ chặn trước.`,
  allBlock: 'Chặn các cách chưa liên kết',
  allUnblock: 'Bỏ chặn các cách chưa liên kết',
};
