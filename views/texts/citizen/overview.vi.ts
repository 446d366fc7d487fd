/** Owns the Vietnamese words of the overview. */
export const overviewInVietnamese = {
  title: 'Trang của tôi',
  lead: 'Liên Thông biết gì, ai đã nhận gì, và cách dừng lại bất cứ lúc nào.',
  attention: 'Cần xem ngay',
  nothingToDo: 'Không có việc gì cần xử lý.',
  identity: 'Liên Thông xác nhận',
  from: {
    population_register: 'Theo Cơ sở dữ liệu quốc gia về dân cư, chỉ giữ trong phiên đăng nhập này.',
    source: 'Dữ liệu dân cư chưa trả lời, nên đây là thông tin do cách đăng nhập cung cấp.',
  },
  confirmed: 'Dữ liệu dân cư xác nhận lần cuối',
  signedIn: 'Phiên này',
  source: 'Cách đăng nhập',
  level: 'Mức bảo đảm',
  since: 'Lúc',
  correct: 'Thông tin sai? Yêu cầu chỉnh sửa',
  wants: {
    source_suspended: (source: string) => `${source} đang tạm dừng vì có người báo không phải mình.`,
    link_frozen: (source: string) => `${source} đang tạm khóa: chủ tài khoản ở đó đã thay đổi.`,
    change_waits: (change: string, due: string) => `${change}: sẽ thực hiện lúc ${due}, trừ khi được dừng lại.`,
    case_open: (number: string, due: string) =>
      `Hồ sơ ${number} đang được giải quyết, trả lời chậm nhất hết ngày ${due}.`,
    no_contact: 'Chưa có địa chỉ liên hệ để báo khi có đăng nhập lạ.',
    one_way_only: 'Mới có một cách đăng nhập. Nên liên kết thêm một cách để phòng khi mất.',
  },
  look: 'Xem',
};
