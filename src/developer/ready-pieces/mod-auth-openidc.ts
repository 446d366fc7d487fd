/** Owns the ready piece for Apache: mod_auth_openidc 2.4.12 as Debian 12 has it, and what that version cannot do. */
import type { Localised } from '../../../views/pages.ts';
import type { Blueprint } from './facts.ts';
import { fitting, type ReadyPiece, type Step, unfit } from './piece.ts';
import { apachePattern, Unwritable } from './quoting.ts';
import { noteSteps, proofSteps, runStep } from './steps.ts';
import { filled } from './templates.ts';
import { SIGN_IN_WORDS } from './words.ts';

const NAMED = { id: 'mod_auth_openidc', name: 'Apache mod_auth_openidc 2.4.12' } as const;

export function modAuthOpenidcPiece(blueprint: Blueprint): ReadyPiece {
  const reason = reasonAgainst(blueprint);
  if (reason) return unfit(NAMED, reason);
  try {
    return fitting(NAMED, filesOf(blueprint), stepsOf(blueprint), blueprint);
  } catch (error) {
    if (error instanceof Unwritable) return unfit(NAMED, UNWRITABLE);
    throw error;
  }
}

const UNWRITABLE: Localised = {
  vi: 'Một địa chỉ của dịch vụ có ký tự mà tệp cấu hình của Apache không giữ được nguyên vẹn.',
  en: 'An address of this service has a character that a configuration of Apache cannot hold.',
};

function reasonAgainst({ facts, encryptionAlgs, redirectUri, home }: Blueprint): Localised | undefined {
  if (facts.require_pushed_authorization_requests)
    return {
      vi: 'Phiên bản trong Debian 12 không gửi được yêu cầu đăng nhập qua PAR (RFC 9126), mà dịch vụ này bắt buộc PAR.',
      en: 'The version in Debian 12 cannot push authorization requests (RFC 9126), and this service requires it.',
    };
  if (encryptionAlgs.length > 0)
    return {
      vi: 'Phiên bản trong Debian 12 không mở được ECDH-ES hay RSA-OAEP-256, mà dịch vụ này nhận dữ liệu được mã hoá.',
      en: 'The version in Debian 12 can open neither ECDH-ES nor RSA-OAEP-256, and this service has its answers encrypted.',
    };
  if (redirectUri.search || redirectUri.pathname === home)
    return {
      vi: 'Địa chỉ nhận kết quả cần một đường dẫn riêng, không có tham số: Apache trả lời ở đó.',
      en: 'The redirect address needs a path of its own, without parameters: Apache itself answers there.',
    };
  if (facts.post_logout_redirect_uri === undefined)
    return {
      vi: 'Hãy đăng ký một địa chỉ sau khi đăng xuất: không có địa chỉ đó Apache không đăng xuất được ở Liên Thông.',
      en: 'Register a post-logout redirect address: without one Apache cannot sign out at the hub.',
    };
  return undefined;
}

function filesOf(blueprint: Blueprint) {
  const { facts, redirectUri, home } = blueprint;
  const leave = `${redirectUri.pathname}?logout=${encodeURIComponent(facts.post_logout_redirect_uri?.toWellFormed() ?? '')}`;
  const pages = { levelTooLow: `${home}level-too-low`, startAgain: `${home}start-again` };
  const values = { ...errorCases(), ...pages, rulePattern: apachePattern(redirectUri.pathname), signOutAddress: leave };
  const page = (name: string, said?: Localised) =>
    filled('mod_auth_openidc', ['home.html'], blueprint, { said }).map(({ content }) => ({
      path: `pages/${name}.html`,
      content,
    }));
  const inPages = ['signed-in.shtml', 'not-signed-in.html'];
  return [
    ...filled('mod_auth_openidc', ['lien-thong.conf', 'make-keys.sh'], blueprint, values),
    ...(isTrial(blueprint) ? filled('mod_auth_openidc', ['httpd.conf'], blueprint) : []),
    ...filled('mod_auth_openidc', inPages, blueprint, values).map((file) => ({ ...file, path: `pages/${file.path}` })),
    ...page('home'),
    ...page('signed-out', { vi: 'Bạn đã đăng xuất.', en: 'You are signed out.' }),
    ...page('start-again', SIGN_IN_WORDS.start_again),
    ...page('level-too-low', SIGN_IN_WORDS.unmet_authentication_requirements),
  ];
}

/** The module shows one page for all errors and tells it which: what is said about each is chosen by a style sheet. */
function errorCases() {
  const written = Object.entries(SIGN_IN_WORDS).filter(([key]) => key !== 'other' && key !== 'start_again');
  const cases = written.map(([key, words]) => {
    const [error = '', description] = key.split(' ');
    const others = written.flatMap(([other]) => (other.startsWith(`${key} `) ? [other.split(' ')[1]] : []));
    return { name: key.replaceAll(' ', '-'), error, description, others, words };
  });
  return { cases, known: [...new Set(cases.map(({ error }) => error))] };
}

/** Elsewhere there is an Apache already, which has the certificate. */
const isTrial = ({ redirectUri }: Blueprint) => redirectUri.protocol === 'http:';

const KNOWN_BY: Step = {
  vi: 'Ứng dụng sau Apache nhận ra công dân bằng REMOTE_USER (sub và iss), không bằng tên, thư điện tử hay số điện thoại. Các thông tin khác ở biến môi trường OIDC_CLAIM_….',
  en: 'What is behind Apache knows the citizen by REMOTE_USER (sub and iss), never by name, e-mail or telephone. The other claims are in the environment, OIDC_CLAIM_….',
};

function stepsOf(blueprint: Blueprint): readonly Step[] {
  const { facts, redirectUri, byKey } = blueprint;
  const install: Step = {
    vi: 'Cài gói của Debian 12, và đặt các tệp vào một thư mục như /etc/lien-thong. Đường dẫn đó là biến môi trường LIEN_THONG_FOLDER.',
    en: "Install Debian 12's packages, and put the files into a folder such as /etc/lien-thong. Its path is the environment variable LIEN_THONG_FOLDER.",
    command: 'apt-get install apache2 libapache2-mod-auth-openidc',
  };
  const sessionKey: Step = {
    vi: 'Tạo khoá bảo vệ phiên.',
    en: 'Make the key that protects sessions.',
    command: 'sh make-keys.sh',
  };
  const run = runStep(
    `LIEN_THONG_FOLDER=$PWD PORT=${blueprint.port} apache2 -DFOREGROUND -f "$PWD/httpd.conf"`,
    blueprint,
  );
  const include: Step = {
    vi: `Trong Apache của bạn: ghi các biến môi trường vào /etc/apache2/envvars, bật các mô-đun, và trong máy chủ ảo có TLS thêm dòng Include "\${LIEN_THONG_FOLDER}/lien-thong.conf".`,
    en: `In your own Apache: put the environment variables into /etc/apache2/envvars, enable the modules, and add the line Include "\${LIEN_THONG_FOLDER}/lien-thong.conf" to the virtual host with TLS.`,
    command: 'a2enmod auth_openidc include headers rewrite && systemctl restart apache2',
  };
  const backChannel = `${redirectUri.href}?logout=backchannel`;
  const hear: Step = {
    vi: `Apache nghe tin đăng xuất ở ${backChannel}: đăng ký địa chỉ này trên trang dành cho nhà phát triển.`,
    en: `Apache hears of sign-outs elsewhere at ${backChannel}: register this as the back-channel logout address.`,
  };
  return [
    install,
    ...(byKey ? [] : [sessionKey]),
    ...proofSteps(blueprint, 'sh make-keys.sh'),
    ...(isTrial(blueprint) ? [run] : []),
    include,
    ...(facts.backchannel_logout_uri === backChannel ? [] : [hear]),
    KNOWN_BY,
    ...noteSteps(blueprint),
  ];
}
