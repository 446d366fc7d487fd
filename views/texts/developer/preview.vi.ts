/** Owns the Vietnamese words above a consent screen that is only looked at. */
export const previewInVietnamese = {
  title: 'Xem trước: không có gì được chia sẻ',
  lead: (service: string) => `Bên dưới là màn hình thật mà người dân sẽ thấy khi vào ${service}.`,
  from: { draft: 'Theo bản nháp.', live: 'Theo cài đặt đang chạy.' },
  environment: 'Môi trường',
  person: 'Người dân giả định',
  show: 'Xem',
  source: (source: string) => `Như sau khi đăng nhập bằng ${source}.`,
  phone: 'Trên màn hình điện thoại (MobileID)',
  phoneInEnglish: 'Bằng tiếng Anh',
  phoneHint: 'Tên ngắn của dịch vụ, trong chừng mực SIM hiển thị được.',
  size: 'Đổi ngôn ngữ ở góc trên. Thu hẹp cửa sổ để xem như trên điện thoại; các nút chỉ dẫn về trang này.',
  back: 'Về trang dịch vụ',
};
