/** Owns the Vietnamese words of the room of contacts. */
import type { ContactKind } from '../../../src/citizen/ports.ts';
import type { Language } from '../../pages.ts';

export const contactsInVietnamese = {
  title: 'Địa chỉ liên hệ',
  lead: 'Nơi Liên Thông báo khi có đăng nhập lạ hoặc thay đổi quan trọng. Không dùng vào việc gì khác, không gửi cho cơ quan nào.',
  own: 'Địa chỉ đang dùng',
  none: 'Chưa có địa chỉ nào. Khi có đăng nhập lạ, Liên Thông chưa có nơi để báo.',
  since: 'Xác nhận lúc',
  language: 'Ngôn ngữ',
  languages: { vi: 'Tiếng Việt', en: 'Tiếng Anh' } satisfies Record<Language, string>,
  remove: { mail: 'Xóa địa chỉ thư này', phone: 'Xóa số điện thoại này' } satisfies Record<ContactKind, string>,
  last: 'Đây là địa chỉ duy nhất. Sau khi xóa sẽ không còn nơi nào được báo.',
  add: { mail: 'Thêm địa chỉ thư', phone: 'Thêm số điện thoại' } satisfies Record<ContactKind, string>,
  replace: { mail: 'Đổi địa chỉ thư', phone: 'Đổi số điện thoại' } satisfies Record<ContactKind, string>,
  label: { mail: 'Thư điện tử', phone: 'Số điện thoại di động' } satisfies Record<ContactKind, string>,
  hint: {
    mail: 'Ví dụ: ten@vidu.vn. Một mã 6 chữ số sẽ được gửi đến đó.',
    phone: 'Ví dụ: 0912 345 678. Một mã 6 chữ số sẽ được nhắn đến đó.',
  } satisfies Record<ContactKind, string>,
  send: 'Gửi mã',
  closed: 'Hiện chưa thể thêm địa chỉ ở đây. Vui lòng gọi tổng đài.',
};

export const contactCodeInVietnamese = {
  title: 'Nhập mã đã gửi',
  lead: (address: string) => `Một mã 6 chữ số đang được gửi đến ${address}.`,
  label: 'Mã 6 chữ số',
  hint: (until: string) => `Dùng được một lần, đến ${until}.`,
  confirm: 'Xác nhận địa chỉ này',
  late: 'Sau vài phút vẫn chưa có mã?',
  lateText: 'Hãy xem trong thư rác, kiểm tra lại địa chỉ, hoặc thử lại sau một giờ.',
  back: 'Dùng địa chỉ khác',
};
