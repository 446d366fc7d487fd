/**
 * Owns the Vietnamese words of what is sent to people: letters and text messages. They go to places where others may read
 * them, so they name nobody; and they ask for nothing, because whoever asks for a password in Liên Thông's name is a thief.
 */
import type { CaseState, ContactKind } from '../../src/citizen/ports.ts';

/** What a notice says; what it names stands below it, one line each. */
export interface NoticeWords {
  readonly subject: string;
  /** What happened. */
  readonly says: string;
  /** What to do, if anything; before the link, where there is one. */
  readonly next: string;
  /** The same in a text message: what must be said, with a moment after it or a full stop; and before the link. */
  readonly sms: string;
  readonly smsNext?: string;
}

export const noticesInVietnamese = {
  labels: {
    at: 'Lúc',
    agency: 'Cơ quan',
    source: 'Cách đăng nhập',
    device: 'Thiết bị',
    change: 'Thay đổi',
    due: 'Sẽ thực hiện lúc',
    case: 'Số hồ sơ',
    answerBy: 'Trả lời chậm nhất',
    until: 'Dùng được đến',
  },
  /** After a moment. */
  inVietnam: (moment: string) => `${moment} (giờ Việt Nam)`,
  closing: (hotline: string) =>
    `Liên Thông không bao giờ hỏi mật khẩu, mã PIN hay mã OTP của bạn. Ai hỏi là lừa đảo.\nCần người giúp: tổng đài ${hotline}. Thư này được gửi tự động, vui lòng không trả lời.`,
  smsClosing: 'Liên Thông không hỏi mật khẩu.',
  new_sign_in: {
    device: {
      subject: 'Đăng nhập trên thiết bị mới',
      says: 'Vừa có một lần đăng nhập bằng Liên Thông trên thiết bị chưa dùng lần nào.',
      next: 'Đúng là bạn thì không cần làm gì. Không phải bạn thì mở đường dẫn này, dùng được một lần trong 10 ngày. Mật khẩu không cần đến:',
      sms: 'thiết bị mới đăng nhập',
      smsNext: 'Không phải bạn?',
    },
    source: {
      subject: 'Đăng nhập bằng một cách mới',
      says: 'Vừa có một cách đăng nhập mới được liên kết và dùng lần đầu.',
      next: 'Đúng là bạn thì không cần làm gì. Không phải bạn thì mở đường dẫn này, dùng được một lần trong 10 ngày. Mật khẩu không cần đến:',
      sms: 'cách đăng nhập mới',
      smsNext: 'Không phải bạn?',
    },
  } satisfies Record<string, NoticeWords>,
  contact_changed: {
    added: (kind: string): NoticeWords => ({
      subject: 'Đã thêm địa chỉ liên hệ',
      says: `${kind} vừa được thêm làm địa chỉ liên hệ ở Liên Thông.`,
      next: 'Không phải bạn thì gọi ngay tổng đài, hoặc xem lại ở Trang của tôi:',
      sms: `đã thêm địa chỉ liên hệ: ${kind}.`,
      smsNext: 'Không phải bạn?',
    }),
    replaced: (kind: string): NoticeWords => ({
      subject: 'Đã đổi địa chỉ liên hệ',
      says: `${kind} liên hệ ở Liên Thông vừa được đổi. Thư này gửi đến cả địa chỉ cũ.`,
      next: 'Không phải bạn thì gọi ngay tổng đài, hoặc xem lại ở Trang của tôi:',
      sms: `đã đổi địa chỉ liên hệ: ${kind}.`,
      smsNext: 'Không phải bạn?',
    }),
    removed: (kind: string): NoticeWords => ({
      subject: 'Đã xóa địa chỉ liên hệ',
      says: `${kind} liên hệ ở Liên Thông vừa bị xóa. Thư này gửi đến cả địa chỉ đã xóa.`,
      next: 'Không phải bạn thì gọi ngay tổng đài, hoặc xem lại ở Trang của tôi:',
      sms: `đã xóa địa chỉ liên hệ: ${kind}.`,
      smsNext: 'Không phải bạn?',
    }),
  },
  change_waits: {
    subject: 'Một thay đổi đang chờ thực hiện',
    says: 'Vừa có một thay đổi được yêu cầu ở Trang của tôi. Thay đổi này chờ một thời gian để bạn kịp dừng lại.',
    next: 'Đúng là bạn thì không cần làm gì. Không phải bạn thì mở đường dẫn này để dừng. Mật khẩu không cần đến:',
    sms: 'một thay đổi chờ đến',
    smsNext: 'Không phải bạn? Dừng:',
  } satisfies NoticeWords,
  change_stopped: {
    subject: 'Đã dừng một thay đổi',
    says: 'Thay đổi đang chờ đã được dừng và sẽ không thực hiện.',
    next: 'Không phải bạn thì gọi tổng đài, hoặc xem lại ở Trang của tôi:',
    sms: 'đã dừng một thay đổi đang chờ.',
  } satisfies NoticeWords,
  change_carried_out: {
    done: {
      subject: 'Đã thực hiện một thay đổi',
      says: 'Thay đổi đã chờ đủ thời gian và vừa được thực hiện.',
      next: 'Không phải bạn thì gọi ngay tổng đài, hoặc xem lại ở Trang của tôi:',
      sms: 'đã thực hiện một thay đổi.',
    },
    impossible: {
      subject: 'Một thay đổi không thực hiện được',
      says: 'Thay đổi đã chờ đủ thời gian nhưng nay không còn thực hiện được, nên không có gì thay đổi.',
      next: 'Có thể yêu cầu lại ở Trang của tôi:',
      sms: 'một thay đổi không thực hiện được, không có gì thay đổi.',
    },
  } satisfies Record<string, NoticeWords>,
  not_me: {
    subject: 'Đã tạm dừng một cách đăng nhập',
    says: 'Có người báo rằng một lần đăng nhập không phải của bạn. Cách đăng nhập đó đã được tạm dừng cho đến khi làm rõ.',
    next: 'Nên đổi mật khẩu ở nơi cấp tài khoản. Các cách đăng nhập khác vẫn dùng được ở Trang của tôi:',
    sms: 'đã tạm dừng một cách đăng nhập vì có người báo không phải bạn.',
  } satisfies NoticeWords,
  case_opened: {
    subject: 'Đã nhận yêu cầu',
    says: 'Liên Thông đã nhận một yêu cầu của bạn và sẽ trả lời đúng hạn.',
    next: 'Xem yêu cầu ở Trang của tôi:',
    sms: 'đã nhận yêu cầu.',
  } satisfies NoticeWords,
  case_advanced: {
    open: {
      subject: 'Yêu cầu đang chờ',
      says: 'Yêu cầu của bạn đang chờ giải quyết.',
      next: 'Xem yêu cầu ở Trang của tôi:',
      sms: 'yêu cầu đang chờ giải quyết.',
    },
    acknowledged: {
      subject: 'Yêu cầu đang được giải quyết',
      says: 'Yêu cầu của bạn đã có người nhận và đang được giải quyết.',
      next: 'Xem yêu cầu ở Trang của tôi:',
      sms: 'yêu cầu đang được giải quyết.',
    },
    forwarded: {
      subject: 'Yêu cầu đã được chuyển tiếp',
      says: 'Yêu cầu của bạn đã được chuyển đến cơ quan có thẩm quyền.',
      next: 'Xem yêu cầu ở Trang của tôi:',
      sms: 'yêu cầu đã được chuyển đến cơ quan có thẩm quyền.',
    },
    answered: {
      subject: 'Yêu cầu đã có trả lời',
      says: 'Yêu cầu của bạn đã có trả lời.',
      next: 'Đọc trả lời ở Trang của tôi:',
      sms: 'yêu cầu đã có trả lời.',
    },
  } satisfies Record<CaseState, NoticeWords>,
  person_erased: {
    subject: 'Đã xóa dữ liệu',
    says: 'Dữ liệu của bạn ở Liên Thông, kể cả địa chỉ này, đã được xóa theo yêu cầu. Đây là thư cuối cùng.',
    next: '',
    sms: 'dữ liệu ở Liên Thông, kể cả số này, đã được xóa theo yêu cầu. Đây là tin cuối.',
  } satisfies NoticeWords,
  /** To an address that somebody says is theirs; whoever reads it may be somebody else. */
  code: {
    subject: 'Mã xác nhận của Liên Thông',
    says: (code: string) =>
      `Mã xác nhận địa chỉ liên hệ: ${code}\n\nMã dùng được một lần trong 10 phút, chỉ nhập ở Trang của tôi trên Liên Thông. Không đọc mã này cho bất kỳ ai.`,
    next: 'Không yêu cầu mã này thì bỏ qua thư: không có gì thay đổi.',
    sms: (code: string) => `mã xác nhận ${code}, dùng trong 10 phút. Không đọc cho ai. Không yêu cầu thì bỏ qua.`,
  },
  contactKind: { mail: 'Thư điện tử', phone: 'Số điện thoại' } satisfies Record<ContactKind, string>,
};

export type NoticesTexts = typeof noticesInVietnamese;
