/** Owns `npm start`: the hub and its sandbox country on this machine, until Ctrl-C. */
import '../src/oidc/runtime-notice.ts';
import path from 'node:path';
import { z } from 'zod';
import { HubUnstartable } from '../src/hub.ts';
import { CARD_PIN } from './card-authority/card-reader.ts';
import { type Country, type HubStart, PORTS, REGISTERS, startCountry } from './country.ts';
import { hubEnvironment, writeEnvironment } from './hub-environment.ts';
import { PIN } from './mobile-operator/phone.ts';
import { EID_PASSWORD } from './national-eid/national-eid.ts';
import { SANDBOX_ISSUER_PORT } from './sandbox-issuer.ts';

const port = (usual: number) => z.coerce.number().int().min(0).max(65_535).default(usual);

const environment = z.object({
  SANDBOX_REGISTERS: z.string().min(1).default(REGISTERS),
  SANDBOX_DATA: z.string().min(1).default('.data'),
  /** `elsewhere`: not in this process, but where somebody starts it with the settings that are written for it. */
  SANDBOX_HUB: z.enum(['here', 'elsewhere']).default('here'),
  DATABASE_URL: z.string().optional(),
  STATE_URL: z.string().optional(),
  HUB_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('warn'),
  HUB_PORT: port(PORTS.hub),
  /** Of the issuer at which services are tried; its authorities stand at the ports after it. */
  SANDBOX_ISSUER_PORT: port(SANDBOX_ISSUER_PORT),
  TAX_AUTHORITY_PORT: port(PORTS.taxAuthority),
  SOCIAL_INSURANCE_PORT: port(PORTS.socialInsurance),
  NATIONAL_EID_PORT: port(PORTS.nationalEid),
  CARD_AUTHORITY_PORT: port(PORTS.cardAuthority),
  CARD_READER_PORT: port(PORTS.cardReader),
  POPULATION_REGISTER_PORT: port(PORTS.populationRegister),
  MOBILE_OPERATOR_PORT: port(PORTS.mobileOperator),
  MAILBOX_PORT: port(PORTS.mailbox),
  SMTP_PORT: port(PORTS.smtp),
  CONTROL_PORT: port(PORTS.control),
  SONG_HONG_PORT: port(PORTS.songHong),
  LIBRARY_PORT: port(PORTS.library),
});

/** Ends the start with what is wrong, a line each; nothing that a person cannot act on. */
function giveUp(...lines: readonly string[]): never {
  for (const line of lines) console.error(line);
  process.exit(1);
}

/** Somebody with an ordinary account at each authority, to try the country with. */
function testAccounts({ registers }: Country) {
  const told = (login: string, password: string, name: string) => `${login} / ${password}  (${name})`;
  const tax = registers.all('tax-code').find(({ kind, status }) => kind === undefined && status === 'active');
  const insured = registers.all('social-insurance').find(({ status }) => status === 'active');
  const subscriber = registers.all('mobile-id').find(({ result }) => result === 'OK');
  const card = registers.all('digital-signature').find(({ state }) => state === 'valid');
  const citizen = registers.all('population').find(({ personalNumber }) => personalNumber !== null);
  return {
    taxCode: tax ? told(tax.taxCode, tax.password, tax.name) : NOBODY,
    socialInsurance: insured
      ? `${told(insured.socialInsuranceNumber, insured.password, insured.name)}, then a code on a sandbox phone`
      : NOBODY,
    mobileId: subscriber
      ? `${subscriber.phone} with ${subscriber.idNumber}  (${subscriber.name}), then PIN ${PIN} on that phone`
      : NOBODY,
    card: card ? `${card.serial} / PIN ${CARD_PIN}  (${card.name}), as this page tells` : NOBODY,
    nationalEid: citizen ? told(String(citizen.personalNumber), EID_PASSWORD, citizen.name) : NOBODY,
  };
}
const NOBODY = 'none in these registers';

function table(country: Country, directory: string): string {
  const accounts = testAccounts(country);
  const rows: readonly (readonly [address: string, what: string, toTry: string])[] = [
    ['Address', 'What it is', 'To try'],
    [country.songHong.url, country.songHong.profile.service.vi, 'start here: press the login button'],
    [country.library.url, country.library.profile.agency.name.vi, 'another agency, another subject'],
    [country.hub, 'Liên Thông, the hub', `${country.hub}/.well-known/openid-configuration`],
    [`${country.hub}/developer`, 'the developer console', 'a service of your own in ten minutes: README, for agencies'],
    [
      country.sandboxIssuer?.url ?? '',
      'the sandbox issuer, at which services are tried',
      'has its own people, with the same accounts',
    ],
    [country.taxAuthority.issuer, 'Cục Thuế, a tax authority', accounts.taxCode],
    [country.socialInsurance.issuer, 'Bảo hiểm xã hội, the insurance agency', accounts.socialInsurance],
    [country.mobileOperator.url, 'Nhà mạng, a mobile operator and its phones', accounts.mobileId],
    [country.cardAuthority.reader, 'đầu đọc thẻ thử nghiệm, a reader with signing cards', accounts.card],
    [country.nationalEid.issuer, 'Định danh điện tử (mẫu), any other source', accounts.nationalEid],
    [country.populationRegister.url, 'a population register', 'answers the hub; a clerk decides corrections at /clerk'],
    [country.messages.url, 'hộp thư, everybody’s mail and text messages', 'what the hub writes to citizens'],
    [country.control, 'control of this sandbox', 'npm run expected -- sandbox/expected/expected.json'],
  ];
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length)) + 2;
  const lines = rows.map(([address, what, toTry]) => `  ${address.padEnd(width(0))}${what.padEnd(width(1))}${toTry}`);
  return `\n${lines.join('\n')}\n\n  People, numbers and companies are made up. What happens is kept in ${directory}. Ctrl-C ends everything.\n`;
}

const settings = environment.safeParse(process.env);
if (!settings.success) {
  giveUp(...settings.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}
const env = settings.data;
const directory = path.resolve(env.SANDBOX_DATA);

const hubSettings = path.join(directory, 'hub.env');

/** Leaves the hub to who starts it: `node --env-file=… src/main.ts`. */
const leaveTheHub: HubStart = async (configuration) => {
  await writeEnvironment(hubSettings, await hubEnvironment(configuration, directory));
  return { close: async () => {} };
};

const country = await startCountry({
  directory,
  sandboxIssuer: env.SANDBOX_ISSUER_PORT,
  ...(env.SANDBOX_HUB === 'elsewhere' ? { startHub: leaveTheHub } : {}),
  configure: (configuration) => ({
    ...configuration,
    ...(env.DATABASE_URL === undefined ? {} : { databaseUrl: env.DATABASE_URL }),
    ...(env.STATE_URL === undefined ? {} : { stateUrl: env.STATE_URL }),
  }),
  registers: path.resolve(env.SANDBOX_REGISTERS),
  logLevel: env.HUB_LOG_LEVEL,
  ports: {
    hub: env.HUB_PORT,
    taxAuthority: env.TAX_AUTHORITY_PORT,
    socialInsurance: env.SOCIAL_INSURANCE_PORT,
    nationalEid: env.NATIONAL_EID_PORT,
    cardAuthority: env.CARD_AUTHORITY_PORT,
    cardReader: env.CARD_READER_PORT,
    populationRegister: env.POPULATION_REGISTER_PORT,
    mobileOperator: env.MOBILE_OPERATOR_PORT,
    mailbox: env.MAILBOX_PORT,
    smtp: env.SMTP_PORT,
    control: env.CONTROL_PORT,
    songHong: env.SONG_HONG_PORT,
    library: env.LIBRARY_PORT,
  },
}).catch((error: Error) => giveUp(...(error instanceof HubUnstartable ? error.problems : [error.message])));

console.log(table(country, path.relative(process.cwd(), directory) || '.'));
if (env.SANDBOX_HUB === 'elsewhere')
  console.log(`  The hub is not here. Start it: node --env-file=${hubSettings} src/main.ts\n`);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ending) process.exit(130); // pressed again: somebody is in a hurry
    ending = true;
    country.close().then(
      () => process.exit(0),
      (error) => giveUp(String(error)),
    );
  });
}
