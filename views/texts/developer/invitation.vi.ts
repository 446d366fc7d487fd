/** Owns the Vietnamese words of the page on which an invitation is accepted. */
export const invitationInVietnamese = {
  title: 'Lời mời vào cơ quan',
  lead: (agency: string, role: string) => `Cơ quan tự gọi là “${agency}” mời bạn làm ${role.toLocaleLowerCase('vi')}.`,
  agency: 'Cơ quan',
  role: 'Vai trò',
  may: 'Được làm gì',
  ends: 'Dùng được đến',
  member: 'Bạn đã là thành viên của cơ quan này. Lời mời vẫn còn nguyên cho người khác.',
  open: 'Mở cơ quan',
  goOn: 'Lưu và xem tiếp',
  joinAs: (name: string) => `Bạn sẽ tham gia với tên ${name}. Đồng nghiệp thấy tên và thư công vụ của bạn.`,
  join: (role: string) => `Tham gia làm ${role.toLocaleLowerCase('vi')}`,
  notNow: 'Để sau',
};
