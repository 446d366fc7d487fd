/** Owns the Vietnamese words of the agencies' room. */
import type { ConsentEnd, LogoutState } from '../../citizen/agencies.ts';

export const agenciesInVietnamese = {
  title: 'Cơ quan đã nhận',
  lead: 'Những dịch vụ được phép nhận thông tin qua Liên Thông: nhận gì, để làm gì, đến khi nào.',
  nobody: 'Chưa có cơ quan nào nhận thông tin qua Liên Thông.',
  inForce: 'Đang có hiệu lực',
  ended: {
    withdrawn: 'Đã rút lại',
    replaced: 'Đã thay bằng lần đồng ý mới',
    expired: 'Đã hết hạn',
    ended: 'Đã chấm dứt',
  } satisfies Record<ConsentEnd, string>,
  purpose: 'Mục đích',
  basis: 'Căn cứ',
  basisOf: { consent: 'Sự đồng ý, có thể rút lại bất cứ lúc nào', law: 'Quy định của pháp luật' },
  granted: 'Được nhận',
  grantedNothing: 'Không có thông tin cá nhân, chỉ một mã riêng để nhận ra cùng một người',
  leftOut: 'Không cho nhận',
  since: 'Từ lúc',
  until: 'Đến lúc',
  lastUsed: 'Dùng lần cuối',
  neverUsed: 'Chưa dùng',
};

/** Of the page of one agency. */
export const agencyInVietnamese = {
  what: 'Đã cho phép những gì',
  state: 'Tình trạng',
  minimum: 'Mức đăng nhập tối thiểu',
  withdraw: 'Rút lại sự đồng ý?',
  withdrawText:
    'Cơ quan sẽ không nhận thêm được gì nữa và phiên đăng nhập ở đó kết thúc. Những gì đã nhận thì cơ quan vẫn giữ.',
  withdrawAction: 'Rút lại',
  byLaw: 'Không rút lại được',
  byLawText:
    'Cơ quan này nhận thông tin theo quy định của pháp luật. Nếu không đồng tình, có thể gửi yêu cầu phản đối.',
  object: 'Gửi yêu cầu phản đối',
  over: 'Đã chấm dứt',
  overAt: (how: string, moment: string) => `${how} lúc ${moment}. Cơ quan không nhận thêm được gì.`,
  logout: {
    told: 'Cơ quan đã được báo để kết thúc phiên đăng nhập.',
    waiting: 'Đang báo cơ quan để kết thúc phiên đăng nhập. Nếu chưa báo được, hệ thống sẽ thử lại.',
    given_up: 'Không báo được cho cơ quan. Nếu còn đăng nhập ở đó, vui lòng tự đăng xuất.',
    own: 'Cơ quan này không nhận được thông báo. Nếu còn đăng nhập ở đó, vui lòng tự đăng xuất.',
    nothing: 'Lúc đó không có phiên đăng nhập nào ở cơ quan này.',
  } satisfies Record<LogoutState, string>,
  receipt: 'Biên nhận',
  receiptText:
    'Biên nhận có chữ ký số của Liên Thông, ghi lại đã đồng ý gì với ai. Ai cũng kiểm tra được mà không cần hỏi lại.',
  receiptAction: 'Tải biên nhận',
  ask: 'Hỏi cơ quan',
  askText: 'Những gì cơ quan đã nhận thì chỉ cơ quan đó cho xem, sửa hoặc xóa được.',
  home: 'Mở trang của cơ quan',
  history: 'Xem lịch sử với cơ quan này',
  earlier: 'Những lần trước',
  back: 'Tất cả cơ quan',
};
