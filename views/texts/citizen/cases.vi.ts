/** Owns the Vietnamese words of the rooms of cases. */
import type { CaseKind, CaseState } from '../../../src/citizen/ports.ts';

export const casesInVietnamese = {
  title: 'Hồ sơ của tôi',
  lead: 'Mọi yêu cầu đã gửi, thời hạn và kết quả.',
  none: 'Chưa có yêu cầu nào.',
  look: (number: string) => `Xem hồ sơ ${number}`,
  rights: 'Quyền của tôi',
  kind: {
    inform: 'Được biết',
    access: 'Xem dữ liệu',
    correct: 'Chỉnh sửa',
    withdraw: 'Rút lại sự đồng ý',
    restrict: 'Hạn chế xử lý',
    object: 'Phản đối',
    erase: 'Xóa dữ liệu',
    complain: 'Khiếu nại',
    not_me: 'Báo không phải tôi đăng nhập',
  } satisfies Record<CaseKind, string>,
  state: {
    open: 'Đã gửi',
    acknowledged: 'Đã tiếp nhận',
    forwarded: 'Đã chuyển đến nơi giữ thông tin',
    answered: 'Đã trả lời',
  } satisfies Record<CaseState, string>,
  answerBy: (day: string) => `Trả lời chậm nhất hết ngày ${day}.`,
};

export const caseInVietnamese = {
  title: 'Hồ sơ',
  number: 'Số hồ sơ',
  keep: 'Đọc số này khi gọi tổng đài.',
  clock: 'Thời hạn',
  opened: 'Đã gửi lúc',
  acknowledgeBy: 'Tiếp nhận chậm nhất',
  endOf: (day: string) => `hết ngày ${day}`,
  acknowledged: 'Đã tiếp nhận lúc',
  answerBy: 'Trả lời chậm nhất',
  answered: 'Đã trả lời lúc',
  about: 'Nội dung',
  service: 'Liên quan đến',
  source: 'Cách đăng nhập',
  attribute: 'Thông tin',
  shouldBe: 'Đúng ra là',
  said: 'Đã viết',
  answer: 'Trả lời',
  noAnswer: 'Chưa có trả lời.',
  erasure: 'Dữ liệu sẽ được xóa sau thời gian chờ.',
  seeErasure: 'Xem việc xóa dữ liệu',
  all: 'Tất cả hồ sơ',
};
