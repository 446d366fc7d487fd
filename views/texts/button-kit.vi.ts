/** Owns the Vietnamese words of the page of the login button. */
import type { ButtonForm } from '../button-kit.ts';

export const buttonKitInVietnamese = {
  title: 'Nút đăng nhập Liên Thông',
  lead: 'Nút chỉ là một đường dẫn, hoặc một biểu mẫu, tới trang đăng nhập của chính cơ quan. Không cần JavaScript, không cần cài gì.',
  begin: 'Bắt đầu',
  beginText: 'Đặt dòng này vào phần đầu trang, rồi dùng một trong các dạng nút bên dưới.',
  hash: 'Tệp ở địa chỉ này không bao giờ thay đổi. Nếu một byte khác đi, trình duyệt không dùng tệp đó nữa; nút vẫn là một đường dẫn dùng được.',
  living: 'Không ghi integrity thì dùng /button/v1/button.css: địa chỉ không đổi, nét vẽ có thể được cải tiến.',
  forms: 'Các dạng nút',
  form: {
    link: {
      title: 'Đường dẫn',
      text: 'Dạng nên dùng. Mỗi ngôn ngữ của trang có chữ của mình, kèm thuộc tính lang.',
    },
    form: {
      title: 'Nút trong biểu mẫu',
      text: 'Khi bắt đầu đăng nhập bằng POST. Thêm mã chống giả mạo (CSRF) của trang.',
    },
    sizes: {
      title: 'Ba cỡ',
      text: 'Nhỏ 40 px, vừa 48 px, lớn 56 px. Nút lớn lên theo cỡ chữ của người xem.',
    },
    dark: { title: 'Trên nền tối', text: 'Nút sáng cho trang luôn tối.' },
    auto: {
      title: 'Theo lựa chọn sáng tối của người xem',
      text: 'Chỉ dùng khi chính trang cũng đổi theo lựa chọn đó.',
    },
    long: { title: 'Chữ dài', text: 'Chữ xuống dòng, không bị cắt. Giữ nguyên tên Liên Thông trong chữ.' },
    image: {
      title: 'Hình SVG',
      text: 'Chỉ khi không dùng được CSS. Chữ của nút nằm trong alt. Hình co giãn theo width và height, không theo cỡ chữ của người xem; bản cho nền tối: vi-dark.svg, en-dark.svg.',
    },
  } satisfies Record<ButtonForm, { title: string; text: string }>,
  own: 'Tự lưu một bản',
  ownText:
    'Tải button.css và mark.svg, đặt cạnh nhau trên máy chủ của mình. Khi đó trang không gọi tới Liên Thông trước khi người dùng bấm nút.',
  files: 'Các tệp và mã băm (SHA-384)',
  policy: 'Chính sách nội dung (CSP)',
  policyText: 'Khi dùng tệp của Liên Thông:',
  ownPolicyText: 'Khi tự lưu một bản:',
  policyForm: 'Phần form-action chỉ cần cho nút trong biểu mẫu: Chromium tính cả các lần chuyển trang sau khi gửi.',
  dos: 'Nên',
  doList: [
    'Đặt nút ở nơi người dùng tìm cách đăng nhập, cùng hàng với các cách khác.',
    'Dẫn tới trang đăng nhập của chính mình; trang đó tạo state, nonce, PKCE mới cho mỗi lần bấm.',
    'Dùng đúng chữ và đúng ngôn ngữ của trang.',
    'Để ít nhất 8 px trống quanh nút.',
  ],
  donts: 'Không nên',
  dontList: [
    'Không dùng biểu tượng mà không có chữ: bộ nút không có dạng đó.',
    'Không đổi màu, không vẽ lại biểu tượng, không đổi tên.',
    'Không dẫn thẳng tới /authorize bằng địa chỉ viết sẵn.',
    'Không mở trong khung (iframe) hay cửa sổ bật lên.',
  ],
  access: 'Tiếp cận',
  accessList: [
    'Dùng được bằng bàn phím: đường dẫn nhận Enter, nút nhận Enter và phím cách.',
    'Vòng nét đôi khi nhận bàn phím, tương phản hơn 3:1 trên mọi nền; chữ tương phản hơn 12:1.',
    'Cỡ vừa và lớn có vùng bấm cao hơn 44 px; cỡ nhỏ cao 40 px, dành cho nơi chật.',
    'Phóng chữ 200 % trên màn hình 320 px không mất chữ nào.',
    'Khi hệ điều hành ép màu (tương phản cao), nút có viền và màu chữ của hệ thống.',
    'Trình đọc màn hình đọc chữ của nút; biểu tượng chỉ để trang trí.',
  ],
};
