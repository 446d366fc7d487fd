/** Owns why a request does not have the form that the API describes, in Vietnamese. */
export const requestFormsInVietnamese = {
  absent: 'Thiếu mục này. Cần gửi kèm.',
  unknown: 'API không có mục này. Cần bỏ đi, hoặc xem lại tên trong tài liệu API.',
  form: 'Không đúng dạng mà tài liệu API ghi. Cần xem lại kiểu và các giá trị được nhận.',
  over: 'Nhiều hoặc dài hơn mức được nhận. Cần rút bớt.',
  under: 'Ít hoặc ngắn hơn mức được nhận. Cần điền thêm.',
  text: 'Có ký tự không phải là chữ (ký tự số 0, hoặc nửa ký tự Unicode). Cần bỏ ký tự đó.',
  depth: 'Lồng nhau quá sâu. Không mục nào của API sâu như vậy.',
};
