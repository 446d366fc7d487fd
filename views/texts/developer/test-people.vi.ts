/** Owns the Vietnamese words of the page of made-up people. */
import type { CREDENTIALS } from '../../../src/test-people.ts';

const credential: Readonly<Record<(typeof CREDENTIALS)[number], string>> = {
  tax_code: 'Mã số thuế',
  social_insurance_number: 'Số bảo hiểm xã hội',
  personal_number: 'Số định danh cá nhân',
  phone: 'Số điện thoại',
  card: 'Thẻ',
  account: 'Tài khoản',
  password: 'Mật khẩu',
  pin: 'Mã PIN',
};

export const testPeopleInVietnamese = {
  title: 'Người dân giả định',
  lead: 'Không ai trong số này có thật. Mỗi người cho thấy một tình huống mà dịch vụ của bạn sẽ gặp; hãy đăng nhập với tư cách của họ ở môi trường thử nghiệm.',
  none: 'Chưa có danh sách. Hãy hỏi người vận hành hệ thống.',
  attributes: 'Dịch vụ có thể nhận được',
  credential,
  level: 'Mức bảo đảm cao nhất',
  outcome: 'Kết quả',
  outcomeOf: { signed_in: 'Đăng nhập được', refused: 'Bị từ chối', choose_again: 'Quay lại chọn cách đăng nhập' },
  codes: 'Mã gửi tới điện thoại và yêu cầu xác nhận hiện trên trang điện thoại mẫu mà màn hình đăng nhập dẫn tới.',
};
