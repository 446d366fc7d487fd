/** Owns the programs that agencies have and tests need: Apache with its OpenID Connect module, Python with Authlib. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { executableIn, type NeededProgram } from './installed.ts';

const PYTHON_PACKAGES = '/usr/lib/python3/dist-packages';

/** Its program. Only the program: the package `apache2` would bring a service that starts by itself. */
export const APACHE: NeededProgram = {
  name: 'Apache with mod_auth_openidc',
  debian: 'apache2-bin libapache2-mod-auth-openidc',
  elsewhere: 'The ready piece for Apache is for Debian and tried there: run the tests on Debian 12.',
  find: () =>
    existsSync('/usr/lib/apache2/modules/mod_auth_openidc.so') ? executableIn(['/usr/sbin'], 'apache2') : undefined,
};

/** Debian's interpreter, which sees Debian's packages, or the one that `PYTHON` names. */
export const PYTHON: NeededProgram = {
  name: 'Python with Authlib, jwcrypto, Flask and requests',
  debian: 'python3-authlib python3-jwcrypto python3-flask python3-requests',
  elsewhere: 'Install the Python packages Authlib, jwcrypto, Flask and requests, and name it: PYTHON=/path/to/python3',
  find() {
    if (process.env.PYTHON) return process.env.PYTHON;
    const packages = ['authlib', 'jwcrypto', 'flask', 'requests'];
    const has = (name: string) => existsSync(path.join(PYTHON_PACKAGES, name));
    return packages.every(has) ? executableIn(['/usr/bin'], 'python3') : undefined;
  },
};
