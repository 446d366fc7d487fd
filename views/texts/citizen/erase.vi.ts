/** Owns the Vietnamese words of the room in which somebody can have everything deleted. */
export const eraseInVietnamese = {
  title: 'Xóa toàn bộ dữ liệu',
  lead: 'Xin đọc kỹ trước khi yêu cầu. Sau khi xóa thì không lấy lại được.',
  waits: 'Đã yêu cầu xóa',
  waitsText: (due: string) => `Dữ liệu sẽ được xóa lúc ${due}. Cho đến lúc đó có thể dừng lại.`,
  stop: 'Dừng việc xóa',
  seeCase: (number: string) => `Hồ sơ ${number}`,
  deleted: 'Sẽ bị xóa',
  deletedList: [
    'Số định danh, các cách đăng nhập đã liên kết và các cách đã chặn.',
    'Mọi lần đồng ý chia sẻ dữ liệu, địa chỉ liên hệ, thiết bị, hồ sơ.',
    'Mối nối giữa lịch sử và bạn: nhật ký còn lại nhưng không nêu tên ai.',
    'Mọi phiên đăng nhập đang mở; các cơ quan được báo để đăng xuất.',
  ],
  kept: 'Không bị xóa',
  keptText: 'Cơ quan đã nhận dữ liệu vẫn giữ phần đã nhận. Muốn xóa ở đó, xin hỏi từng cơ quan.',
  noAgency: 'Chưa cơ quan nào nhận dữ liệu qua Liên Thông.',
  afterwards: 'Sau đó',
  afterwardsText:
    'Vẫn đăng nhập lại được như người mới: các cơ quan sẽ thấy một mã khác và có thể không nhận ra tài khoản cũ.',
  takeFirst: 'Nên tải dữ liệu trước',
  take: 'Tải dữ liệu của tôi',
  ask: 'Yêu cầu xóa',
  askText: (days: number) =>
    `Việc xóa chờ ${days} ngày. Mọi địa chỉ liên hệ đều được báo, và từ địa chỉ nào cũng dừng lại được trong thời gian đó.`,
  held: 'Hiện chưa thể xóa: có cách đăng nhập bị tạm khóa hoặc hồ sơ chưa giải quyết xong. Xin chờ xong rồi yêu cầu lại.',
  action: 'Yêu cầu xóa toàn bộ dữ liệu',
};
