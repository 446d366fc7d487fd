/** Owns the Vietnamese words of the page of the fault simulator. */
export const simulatorInVietnamese = {
  title: 'Thử lỗi',
  lead: 'Môi trường thử nghiệm trả lời sai theo yêu cầu, để bạn thấy dịch vụ có từ chối không. Chỉ dịch vụ này, chỉ một lần, chỉ trong môi trường thử nghiệm.',
  card: 'Bảng điểm',
  score: (passed: number, all: number) => `Đạt ${passed} trên ${all}`,
  full: 'Đã đủ. Dịch vụ có thể xin vào môi trường chính thức.',
  notFull: 'Chưa đủ. Môi trường chính thức đòi hỏi bảng điểm đầy đủ, mỗi kết quả không quá 90 ngày.',
  notLive: 'Dịch vụ chưa chạy trong môi trường thử nghiệm. Hãy đưa bản nháp vào thử nghiệm trước.',
  armed: (fault: string) => `Lần đăng nhập tiếp theo sẽ gặp: ${fault}. Có hiệu lực trong nửa giờ.`,
  start: 'Mở dịch vụ và đăng nhập',
  disarm: 'Thôi, trả lời đúng',
  faults: 'Các lỗi',
  faultsHint:
    'Trước hết hãy đăng nhập đúng một lần đến hết /userinfo. Sau đó với từng lỗi: bấm nút, mở dịch vụ, đăng nhập. Kết quả có sau khoảng mười giây.',
  result: 'Kết quả gần nhất',
  wrong: 'Sai ở đâu',
  should: 'Dịch vụ phải làm gì',
  libraries: 'Trong thư viện',
  deliver: 'Gửi ở lần đăng nhập tới',
  api: 'Chạy cả danh sách bằng API',
  apiText:
    'Với một mã API có quyền read và write. Chương trình sign-in.sh là của bạn: nó đăng nhập một lần ở dịch vụ, như kiểm thử tự động của bạn vẫn làm.',
  apiHint: 'Kết quả cuối cùng có full: true khi mọi lỗi đều đạt.',
};
