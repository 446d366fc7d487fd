/** Owns the Vietnamese words of the page of ready pieces. */
export const piecesInVietnamese = {
  title: 'Mã viết sẵn',
  lead: 'Cả phần đăng nhập, viết cho chính dịch vụ này trong ba thư viện. Khóa và mã bí mật không nằm trong đó: chúng ở lại máy chủ của bạn.',
  from: {
    live: 'Viết theo cài đặt đang chạy.',
    draft: 'Viết theo bản nháp: mã chỉ chạy được khi bản nháp đã được đưa vào dùng.',
  },
  environment: 'Môi trường',
  show: 'Xem',
  client: 'Dịch vụ',
  clientId: 'client_id',
  issuer: 'Issuer',
  none: 'Chưa có địa chỉ nhận câu trả lời (redirect_uri), nên chưa viết được gì.',
  toSettings: 'Điền phần cài đặt',
  unfit: 'Không dùng được cho dịch vụ này:',
  download: (name: string) => `Tải về: ${name} (zip)`,
  more: 'Tiếp theo',
  button: 'Nút đăng nhập: mẫu, kích thước, cách dùng',
  simulator: 'Thử lỗi: xem mã của bạn có từ chối không',
  accounts: 'Bạn đã có tài khoản riêng?',
  accountsText:
    'Hỏi personal_number một lần để nhận ra hồ sơ cũ, rồi giữ iss cùng sub và từ đó chỉ nhận người bằng hai giá trị ấy. Không bao giờ ghép bằng thư điện tử, tên hay số điện thoại.',
};
