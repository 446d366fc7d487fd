/** Owns the Vietnamese words of the fault simulator: what is wrong, what a service should do, how libraries call it. */
import type { Fault, FaultId, FaultPlace } from '../../../src/simulator/faults.ts';
import type { Score, TrialReason } from '../../../src/simulator/trials.ts';

/** The words of one fault. */
export interface FaultWords {
  readonly name: string;
  readonly wrong: string;
  readonly should: string;
  /** As the specification and well-known libraries call the check. */
  readonly libraries: string;
}

const fault: Readonly<Record<FaultId, FaultWords>> = {
  wrong_issuer: {
    name: 'Sai nơi phát hành',
    wrong: 'iss trong id token là một nơi phát hành khác.',
    should: 'Từ chối: chỉ nhận iss đúng bằng issuer trong tài liệu discovery.',
    libraries:
      'OpenID Connect Core 3.1.3.7, điều 2. openid-client: unexpected JWT "iss"; Authlib: invalid_claim "iss".',
  },
  wrong_audience: {
    name: 'Sai bên nhận',
    wrong: 'aud trong id token là một dịch vụ khác.',
    should: 'Từ chối: id token phải dành cho client_id của chính dịch vụ.',
    libraries:
      'OpenID Connect Core 3.1.3.7, điều 3. openid-client: unexpected JWT "aud"; Authlib: invalid_claim "aud".',
  },
  wrong_nonce: {
    name: 'Sai nonce',
    wrong: 'nonce trong id token không phải là nonce đã gửi đi.',
    should: 'Từ chối: so nonce với giá trị đã giữ cho chính trình duyệt này.',
    libraries:
      'OpenID Connect Core 3.1.3.7, điều 11. openid-client: expectedNonce; Authlib: nonce trong parse_id_token; mod_auth_openidc tự kiểm tra.',
  },
  expired: {
    name: 'Đã hết hạn',
    wrong: 'exp của id token đã qua một giờ.',
    should: 'Từ chối: chỉ nhận id token còn hạn, đồng hồ lệch vài giây là đủ.',
    libraries: 'OpenID Connect Core 3.1.3.7, điều 9. openid-client: unexpected JWT "exp"; Authlib: expired_token.',
  },
  wrong_signature: {
    name: 'Sai chữ ký',
    wrong: 'Id token nêu đúng khóa và thuật toán nhưng chữ ký là của một khóa khác.',
    should: 'Từ chối: kiểm tra chữ ký bằng khóa lấy ở jwks_uri, cả khi id token đến thẳng từ /token.',
    libraries:
      'OpenID Connect Core 3.1.3.7, điều 6. openid-client chỉ kiểm tra khi có enableNonRepudiationChecks; Authlib: bad_signature.',
  },
  wrong_algorithm: {
    name: 'Sai thuật toán',
    wrong: 'Id token ký bằng HS256, dùng khóa công khai làm mật khẩu: ai cũng tự làm được.',
    should: 'Từ chối: chỉ nhận thuật toán đã đăng ký, không bao giờ theo alg mà token tự khai.',
    libraries:
      'OpenID Connect Core 3.1.3.7, điều 7; RFC 8725, mục 3.1. openid-client: id_token_signed_response_alg; Authlib: khai danh sách thuật toán; mod_auth_openidc: OIDCIDTokenSignedResponseAlg.',
  },
  unknown_key: {
    name: 'Khóa không ai biết',
    wrong: 'kid của id token không có ở jwks_uri, và chữ ký là của một khóa chưa công bố.',
    should: 'Tải lại khóa một lần, rồi từ chối khi vẫn không thấy.',
    libraries:
      'OpenID Connect Core 10.1. openid-client chỉ kiểm tra khi có enableNonRepudiationChecks: no applicable keys found.',
  },
  acr_too_low: {
    name: 'Mức xác thực quá thấp',
    wrong: 'acr trong id token thấp hơn mức mà dịch vụ yêu cầu.',
    should:
      'Từ chối, hoặc quay lại ngay để xin đúng mức của mình: so acr với mức đó. Đây là một dòng trong mã của chính dịch vụ.',
    libraries: 'OpenID Connect Core 3.1.3.7, điều 12. Hầu hết thư viện để việc này cho dịch vụ.',
  },
  access_denied: {
    name: 'Người dân không đồng ý',
    wrong: 'Thay cho mã, trình duyệt mang về error=access_denied, cùng state và iss.',
    should: 'Cho biết là chưa đăng nhập, để nút đăng nhập ở đó, và không gọi /token.',
    libraries: 'RFC 6749, mục 4.1.2.1. openid-client: AuthorizationResponseError; Authlib: OAuthError.',
  },
  temporarily_unavailable: {
    name: 'Tạm thời chưa dùng được',
    wrong: 'Thay cho mã, trình duyệt mang về error=temporarily_unavailable, cùng state và iss.',
    should: 'Mời người dân quay lại sau ít phút, và không gọi /token.',
    libraries: 'RFC 6749, mục 4.1.2.1. openid-client: AuthorizationResponseError; Authlib: OAuthError.',
  },
  rotated_key: {
    name: 'Khóa vừa thay',
    wrong: 'Không có gì sai: id token ký bằng khóa mới, có ở jwks_uri ngay từ lúc này.',
    should: 'Đăng nhập được: gặp kid lạ thì tải lại khóa. Nhiều thư viện tải lại nhiều nhất một lần mỗi phút.',
    libraries:
      'OpenID Connect Core 10.1.1. mod_auth_openidc tự tải lại ngay; openid-client tải lại khi khóa đang có đã cũ một phút (mã có sẵn: tải lại ngay).',
  },
  slow_answer: {
    name: 'Trả lời chậm',
    wrong: 'Không có gì sai: /token trả lời đúng nhưng sau bốn giây.',
    should: 'Đăng nhập được: chờ ít nhất mười giây, và không gửi lại mã lần thứ hai.',
    libraries:
      'openid-client: timeout; Authlib: timeout của httpx hay requests; mod_auth_openidc: OIDCHTTPTimeoutLong.',
  },
};

const outcome: Readonly<Record<Score['outcome'], string>> = {
  not_run: 'Chưa thử',
  waiting: 'Đang xem dịch vụ làm gì',
  passed: 'Đạt',
  failed: 'Không đạt',
  undecided: 'Chưa rõ',
};

const reason: Readonly<Record<TrialReason, string>> = {
  token_used: 'Dịch vụ đã dùng access token đến cùng: nó đã nhận id token sai.',
  token_not_used: 'Dịch vụ không dùng access token trong thời gian chờ, dù lần đăng nhập này đúng.',
  tokens_requested: 'Dịch vụ vẫn đến lấy token dù đã được báo lỗi thay cho mã.',
  asked_again: 'Dịch vụ chỉ xem mức xác thực sau khi gọi /userinfo, nhưng đã quay lại ngay để xin đúng mức mình cần.',
  no_baseline:
    'Lần đăng nhập đúng gần nhất không gọi /userinfo, nên lần này không gọi cũng chưa nói lên điều gì. Hãy đăng nhập đúng một lần rồi thử lại.',
};

const expects: Readonly<Record<Fault['expects'], string>> = { refusal: 'Phải từ chối', success: 'Phải đăng nhập được' };

const where: Readonly<Record<FaultPlace, string>> = {
  authorization: 'Câu trả lời ở redirect_uri',
  id_token: 'Id token',
  'token endpoint': 'Điểm cuối /token',
  keys: 'Khóa ở jwks_uri',
};

export const faultsInVietnamese = { fault, outcome, reason, expects, where };
