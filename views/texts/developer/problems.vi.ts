/** Owns why settings, keys and logos are not taken, in Vietnamese: what is wrong, and what to do instead. */
import type { JwksCode, LogoCode, ProblemCode, ProductionCode } from '../../../src/developer/rules/codes.ts';

export const problemsInVietnamese: Readonly<Record<ProblemCode | JwksCode | LogoCode | ProductionCode, string>> = {
  missing: 'Chưa điền. Cần điền mục này trước khi dịch vụ hoạt động.',
  too_long: 'Quá dài. Cần viết ngắn hơn (địa chỉ: 500 ký tự; tên: 100; tên ngắn: 20; mục đích, căn cứ: 300).',
  twice: 'Đã có trong danh sách. Cần bỏ bớt một mục.',

  address_relative: 'Không phải địa chỉ đầy đủ. Cần viết cả phần đầu, ví dụ https://dichvu.hanoi.gov.vn/callback.',
  address_characters:
    'Có khoảng trắng, ký tự điều khiển, dấu gạch chéo ngược hoặc ký tự ngoài ASCII. Cần mã hóa phần trăm trong đường dẫn, và viết tên miền có dấu ở dạng xn--.',
  address_wildcard: 'Có dấu *. Mỗi địa chỉ phải viết đầy đủ; nếu cần nhiều địa chỉ thì ghi từng địa chỉ một.',
  address_scheme: 'Không phải địa chỉ web. Cần bắt đầu bằng https://.',
  address_http:
    'Địa chỉ http không được bảo vệ trên đường truyền. Cần dùng https; http chỉ dùng được với localhost, 127.0.0.1, [::1] trong môi trường thử.',
  address_fragment: 'Có phần sau dấu #, phần này không bao giờ đến máy chủ. Cần bỏ dấu # và phần sau nó.',
  address_credentials: 'Có tên hoặc mật khẩu trước dấu @. Cần bỏ phần đó; bí mật không được nằm trong địa chỉ.',
  address_ip: 'Dùng địa chỉ IP thay cho tên. Cần dùng tên miền của cơ quan.',
  address_loopback:
    'Trỏ về chính máy đang chạy. Cần dùng tên miền công khai; localhost chỉ dùng được trong môi trường thử, cho những địa chỉ do trình duyệt mở.',
  address_port: 'Cổng này không dùng cho web. Cần bỏ số cổng, hoặc dùng một cổng từ 1024 trở lên như 8443.',
  address_path:
    'Đường dẫn có /../, /./, //, dấu chấm phẩy hoặc dấu phân cách đã mã hóa, nên mỗi máy chủ có thể hiểu một khác. Cần viết thẳng đường dẫn cuối cùng.',
  address_query:
    'Có tham số mà Liên Thông tự thêm khi trả lời (code, state, iss, error…). Cần đặt tên khác cho tham số đó.',
  address_not_normal:
    'Trình duyệt sẽ viết địa chỉ này khác đi. Cần viết tên miền bằng chữ thường, không ghi cổng mặc định, đúng như trình duyệt hiển thị khi mở.',
  host_single_label: 'Tên máy chỉ có một phần, chỉ dùng được trong mạng nội bộ. Cần dùng tên miền đầy đủ.',
  host_reserved:
    'Tên này dành cho mạng nội bộ, cho việc thử, hoặc không thuộc riêng ai. Cần dùng tên miền đã đăng ký của cơ quan.',
  host_letters:
    'Không phải một tên miền, hoặc có chữ ngoài bảng chữ cái tiếng Việt, dễ nhìn nhầm. Cần dùng chữ a–z, số và dấu gạch nối, giữa các dấu chấm.',
  host_of_hub: 'Đây là địa chỉ của chính Liên Thông. Cần dùng địa chỉ của dịch vụ.',
  host_like_hub: 'Tên miền dễ nhìn nhầm với Liên Thông. Cần dùng tên miền khác hẳn.',
  host_like_government:
    'Tên miền trông như thuộc gov.vn nhưng không phải. Cần dùng tên miền kết thúc bằng .gov.vn, hoặc một tên không gợi đến gov.vn.',
  host_of_other_agency: 'Tên miền này thuộc dịch vụ của một cơ quan khác. Cần dùng tên miền của chính cơ quan mình.',
  host_like_other_agency: 'Tên miền dễ nhìn nhầm với dịch vụ của một cơ quan khác. Cần dùng tên miền khác hẳn.',

  key_malformed: 'Không đọc được khóa này. Cần một khóa công khai ở dạng JWK (RFC 7517), viết đúng chuẩn base64url.',
  key_private:
    'Đây là khóa bí mật, vừa được gửi đi nên không còn bí mật. Cần tạo cặp khóa mới, và chỉ gửi phần công khai (không có d, p, q).',
  key_symmetric: 'Đây là khóa đối xứng. Cần một khóa công khai loại EC hoặc RSA.',
  key_type: 'Liên Thông không dùng loại khóa này. Cần khóa EC trên P-256, P-384, P-521, hoặc khóa RSA.',
  key_weak: 'Khóa này quá yếu. Cần khóa RSA từ 2048 bit với số mũ 65537, hoặc khóa EC trên P-256.',
  key_too_large: 'Khóa này quá lớn. Cần khóa RSA không quá 8192 bit, và không kèm chứng thư.',
  key_algorithm:
    'Khóa không dùng được với thuật toán ghi ở alg. Để ký: ES256 với P-256, RS256 hoặc PS256 với RSA. Để mã hóa: ECDH-ES với EC, RSA-OAEP-256 với RSA.',
  key_use:
    'Công dụng ghi ở use hoặc key_ops không đúng. Cần ghi use là sig để ký hoặc enc để mã hóa, và bỏ key_ops nếu khác.',
  key_twice: 'Dịch vụ đã có khóa này. Cần tạo một cặp khóa mới.',
  key_id_twice: 'Một khóa khác của dịch vụ đã mang kid này. Cần đặt kid khác, hoặc bỏ kid để Liên Thông đặt.',
  key_elsewhere: 'Một dịch vụ khác đang dùng khóa này. Mỗi dịch vụ cần cặp khóa của riêng mình.',

  jwks_unreachable:
    'Liên Thông không tải được bộ khóa: tên miền phải mở cho công chúng, có chứng thư hợp lệ và trả lời 200. Hãy mở địa chỉ bằng trình duyệt từ bên ngoài mạng của cơ quan.',
  jwks_redirected: 'Địa chỉ bộ khóa chuyển hướng sang nơi khác. Cần ghi thẳng địa chỉ cuối cùng.',
  jwks_too_large: 'Câu trả lời ở địa chỉ bộ khóa quá lớn. Nhiều nhất là 64 KB.',
  jwks_too_slow: 'Địa chỉ bộ khóa trả lời quá chậm. Phải trả lời trọn vẹn trong 3 giây.',
  jwks_malformed: 'Ở địa chỉ này không có bộ khóa (RFC 7517). Cần trả lời bằng JSON không nén, có mục keys.',
  jwks_private:
    'Bộ khóa có khóa riêng hoặc khóa đối xứng, và ai cũng đã tải được nó. Cần tạo cặp khóa mới và chỉ công bố phần công khai.',
  jwks_weak: 'Bộ khóa có khóa quá yếu. Cần bỏ nó đi, và dùng RSA từ 2048 bit hoặc EC trên P-256.',
  jwks_without_key:
    'Bộ khóa không có khóa nào còn hạn hợp với cài đặt. Để ký: P-256 hoặc RSA; để mã hóa: EC cho ECDH-ES, RSA cho RSA-OAEP-256.',

  text_characters:
    'Có ký tự điều khiển, ký tự ẩn, ký tự đổi chiều chữ, biểu tượng cảm xúc hoặc khoảng trắng thừa. Cần viết bằng chữ thường gặp.',
  text_letters: 'Có chữ không thuộc bảng chữ cái La-tinh, hoặc giả dạng chữ La-tinh. Cần viết bằng chữ tiếng Việt.',
  text_address: 'Có địa chỉ web trong lời văn. Cần ghi địa chỉ vào mục dành cho địa chỉ.',
  name_of_hub: 'Tên này là tên của chính Liên Thông. Cần dùng tên của dịch vụ.',

  logo_unknown: 'Không có logo này. Cần tải logo lên trước, rồi dùng mã nhận được.',
  source_unknown: 'Không có cách đăng nhập này. Cần chọn trong danh sách các cách đăng nhập của Liên Thông.',
  level_unreachable:
    'Không cách đăng nhập nào được phép đạt mức bảo đảm này. Cần hạ mức tối thiểu, hoặc cho phép cách đăng nhập mạnh hơn.',
  legal_basis_missing:
    'Căn cứ là quy định của pháp luật nhưng chưa ghi quy định nào. Cần ghi điều, khoản và số văn bản.',
  legal_basis_unnumbered:
    'Căn cứ chưa có số. Cần ghi điều, khoản và số của văn bản, ví dụ: Điều 20 Luật Cư trú số 68/2020/QH14.',
  legal_basis_unused:
    'Căn cứ là sự đồng ý thì không ghi điều luật. Cần chọn căn cứ là pháp luật, hoặc bỏ trống mục này.',
  verified_claims_empty:
    'Xin thông tin đã xác minh nhưng không xin mục nào mà sổ bộ xác minh được. Cần thêm một mục như họ tên, hoặc bỏ chọn.',
  authentication_without_key:
    'Dùng private_key_jwt nhưng chưa có khóa để ký. Cần thêm một khóa còn hạn (P-256 hoặc RSA), hoặc ghi jwks_uri.',
  authentication_without_secret: 'Dùng mã bí mật (client secret) nhưng chưa có cái nào còn hạn. Cần tạo một mã bí mật.',
  encryption_without_key:
    'Không có khóa hợp với thuật toán mã hóa này. Cần thêm khóa còn hạn: EC cho ECDH-ES, RSA cho RSA-OAEP-256, với use là enc; hoặc ghi jwks_uri.',
  mail_malformed: 'Không phải địa chỉ thư điện tử. Cần viết như ky-thuat@hanoi.gov.vn.',
  phone_malformed: 'Không phải số điện thoại. Cần viết như 024 3825 3536 hoặc +84 24 3825 3536.',

  logo_type: 'Không phải tệp PNG hay SVG. Cần lưu logo ở một trong hai dạng đó.',
  logo_too_large: 'Tệp quá lớn. Cần tệp không quá 100 KB.',
  png_damaged: 'Tệp PNG hỏng, có phần thừa, hoặc không đúng chuẩn. Cần xuất lại từ chương trình vẽ.',
  png_size: 'Kích thước không phù hợp. Cần mỗi chiều từ 32 đến 1024 điểm ảnh.',
  svg_malformed: 'Không đọc được tệp SVG. Cần XML đúng chuẩn, mã hóa UTF-8.',
  svg_doctype: 'Tệp SVG có DOCTYPE hoặc khai báo thực thể. Cần bỏ các dòng <!DOCTYPE> và <!ENTITY>.',
  svg_instruction: 'Tệp SVG có chỉ thị xử lý như <?xml-stylesheet?>. Cần bỏ các chỉ thị đó.',
  svg_namespace: 'Tệp SVG có không gian tên lạ, hoặc thiếu của SVG. Cần xuất ở dạng “SVG thuần” (plain SVG).',
  svg_element:
    'Tệp SVG có phần tử không dùng được cho logo (ảnh nhúng, liên kết, hoạt hình, bộ lọc, foreignObject…). Cần chuyển tất cả thành hình vẽ.',
  svg_script: 'Tệp SVG có mã lệnh. Cần bỏ các phần tử script.',
  svg_event_handler: 'Tệp SVG có thuộc tính sự kiện như onload. Cần bỏ các thuộc tính bắt đầu bằng on.',
  svg_attribute: 'Tệp SVG có thuộc tính không dùng được cho logo. Cần xuất ở dạng “SVG thuần” (plain SVG).',
  svg_style:
    'Kiểu trong tệp SVG có url(), @import hoặc thuộc tính không dùng được. Cần đổi thành thuộc tính như fill và stroke.',
  svg_reference: 'Tệp SVG trỏ ra ngoài tệp. Chỉ được trỏ đến phần tử trong cùng tệp, như #hinh.',
  svg_nested_reference:
    'Hình được dùng lại trong tệp SVG lại dùng lại hình khác. Cần chuyển các hình dùng lại thành đường nét.',
  svg_view_box: 'Tệp SVG thiếu viewBox hoặc viewBox không đúng. Cần bốn số, ví dụ viewBox="0 0 64 64".',
  svg_size: 'Logo quá dài hoặc quá lớn. Cần tỉ lệ hai chiều không quá 4, chiều rộng và cao không quá 4096.',
  svg_too_complex:
    'Tệp SVG quá phức tạp. Cần không quá 1000 phần tử, lồng không quá 30 tầng, dùng lại không quá 50 lần.',

  two_owners_needed:
    'Cơ quan cần ít nhất hai chủ quản: một người nộp, một người khác đồng ý. Cần mời thêm một chủ quản ở trang của cơ quan.',
  sandbox_not_live: 'Dịch vụ chưa chạy trong môi trường thử. Cần đưa vào thử nghiệm trước.',
  score_card_not_full:
    'Bảng điểm của bộ giả lỗi chưa đủ. Cần chạy hết các lỗi ở trang giả lỗi, mỗi lỗi đều đạt trong 90 ngày gần đây.',
  nothing_changed: 'Bản nháp giống hệt phiên bản đang chạy. Cần sửa bản nháp trước khi nộp.',
  not_this_service: 'Không khớp với mã của dịch vụ này. Cần gõ lại đúng mã để xác nhận.',
  registration_refused:
    'Nơi phát hành không nhận dịch vụ này như đã viết. Cần xem lại khóa, thuật toán và mã bí mật, hoặc gọi tổng đài kèm mã sự cố.',
};
