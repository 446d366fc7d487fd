/** Owns the Vietnamese words of the letter that invites somebody to an agency. */
export const invitationLetterInVietnamese = {
  subject: 'Lời mời vào trang nhà phát triển Liên Thông',
  role: { reader: 'người xem', developer: 'người phát triển', owner: 'chủ quản' },
  says: (agency: string, role: string, day: string) =>
    `Có người của cơ quan tự gọi là “${agency}” mời bạn làm ${role} của cơ quan ấy ở Liên Thông. Mở đường dẫn bên dưới và đăng nhập để xem lời mời; đường dẫn dùng được một lần, đến ngày ${day}. Bạn không chờ lời mời này thì không cần làm gì.`,
  closing: (hotline: string) =>
    `Liên Thông không bao giờ hỏi mật khẩu, mã PIN hay mã OTP của bạn. Cần người giúp: tổng đài ${hotline}. Thư này được gửi tự động, vui lòng không trả lời.`,
};
