/** Owns the Vietnamese words of the changes that wait. */
export const changesInVietnamese = {
  title: 'Thay đổi đang chờ',
  lead: 'Những thay đổi này chờ 7 ngày rồi mới thực hiện. Đăng nhập bằng cách nào cũng dừng được, và mọi địa chỉ liên hệ đều đã được báo.',
  none: 'Không có thay đổi nào đang chờ.',
  allNew: 'Các cách chưa liên kết',
  requested: 'Yêu cầu lúc',
  due: 'Sẽ thực hiện lúc',
  stop: 'Dừng lại',
  notMe: 'Không phải mình yêu cầu? Dừng lại, rồi xem lại các phiên và cách đăng nhập.',
};
