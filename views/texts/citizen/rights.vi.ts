/** Owns the Vietnamese words of the rooms in which somebody uses their rights. */
import type { AnswerDays, Right } from '../../citizen/rights.ts';

const daysOf = ({ alone, withProcessors }: AnswerDays) =>
  alone === withProcessors
    ? `${alone} ngày`
    : `${alone} ngày, hoặc ${withProcessors} ngày nếu cần cơ quan khác cùng làm`;

export const rightsInVietnamese = {
  title: 'Quyền của tôi',
  lead: 'Luật Bảo vệ dữ liệu cá nhân (91/2025/QH15) và Nghị định 356/2025/NĐ-CP cho mỗi người các quyền sau đây.',
  right: {
    inform: {
      name: 'Được biết',
      what: 'Hỏi Liên Thông xử lý dữ liệu nào, để làm gì và theo căn cứ nào.',
      use: 'Gửi câu hỏi',
    },
    access: {
      name: 'Xem và nhận dữ liệu',
      what: 'Tải về toàn bộ dữ liệu Liên Thông đang giữ, có chữ ký điện tử để kiểm tra.',
      use: 'Tải dữ liệu của tôi',
    },
    correct: {
      name: 'Chỉnh sửa',
      what: 'Yêu cầu sửa thông tin sai ở nơi đang giữ thông tin đó.',
      use: 'Yêu cầu chỉnh sửa',
    },
    withdraw: {
      name: 'Rút lại sự đồng ý',
      what: 'Ngừng chia sẻ dữ liệu với một cơ quan, có hiệu lực ngay.',
      use: 'Xem các cơ quan',
    },
    restrict: {
      name: 'Hạn chế xử lý',
      what: 'Yêu cầu tạm ngừng xử lý dữ liệu, ví dụ khi đang chờ chỉnh sửa.',
      use: 'Gửi yêu cầu',
    },
    object: {
      name: 'Phản đối',
      what: 'Không đồng ý với một việc xử lý dữ liệu và nêu lý do.',
      use: 'Gửi phản đối',
    },
    erase: {
      name: 'Xóa dữ liệu',
      what: 'Xóa mọi dữ liệu Liên Thông đang giữ, sau 7 ngày chờ để kịp đổi ý.',
      use: 'Xem trước khi xóa',
    },
    complain: {
      name: 'Khiếu nại',
      what: 'Khiếu nại cách Liên Thông hoặc một cơ quan đã xử lý dữ liệu.',
      use: 'Gửi khiếu nại',
    },
  } satisfies Record<Right, { name: string; what: string; use: string }>,
  atOnce: 'Thực hiện ngay.',
  answered: (days: AnswerDays) => `Trả lời trong ${daysOf(days)}.`,
  acknowledged: (days: number) => `Mọi yêu cầu được tiếp nhận trong ${days} ngày làm việc.`,
  cases: 'Hồ sơ của tôi',
  noCases: 'Chưa có yêu cầu nào.',
  someCases: (open: number, all: number) => `${all} hồ sơ, ${open} đang giải quyết.`,
  seeCases: 'Xem các hồ sơ',
};

export const openCaseInVietnamese = {
  title: 'Gửi yêu cầu',
  lead: 'Viết bằng lời của mình. Sau khi gửi sẽ có số hồ sơ và thời hạn trả lời.',
  kind: 'Yêu cầu',
  service: 'Liên quan đến',
  hubItself: 'Liên Thông, không phải cơ quan cụ thể',
  text: 'Nội dung',
  textHint: 'Nhiều nhất 2.000 chữ cái. Không cần ghi họ tên hay số định danh.',
  send: 'Gửi',
};

export const correctInVietnamese = {
  title: 'Yêu cầu chỉnh sửa',
  lead: 'Liên Thông không tự sửa: thông tin được lấy từ nơi đang giữ nó. Yêu cầu được chuyển đến đúng nơi đó.',
  attribute: 'Thông tin sai',
  now: (name: string, value: string) => `${name}: ${value}`,
  shouldBe: 'Đúng ra là',
  text: 'Giải thích thêm (không bắt buộc)',
  textHint: 'Ví dụ: theo giấy khai sinh số …',
  keepers: 'Ai sẽ sửa',
  keeper: {
    population_register: 'Cơ sở dữ liệu quốc gia về dân cư nhận yêu cầu từ Liên Thông và trả lời tại đây.',
    tax_authority:
      'Mã số thuế do cơ quan thuế giữ. Cán bộ Liên Thông chuyển yêu cầu giúp; cũng có thể hỏi thẳng cơ quan thuế quản lý.',
  },
  send: 'Gửi yêu cầu',
  answered: rightsInVietnamese.answered,
};
