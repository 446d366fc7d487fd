/** Owns the English words of sessions and devices. */
import type { sessionsInVietnamese } from './sessions.vi.ts';

export const sessionsInEnglish: typeof sessionsInVietnamese = {
  title: 'Devices and sessions',
  lead: 'Where you are signed in, and which devices are known. End at once what you do not know.',
  sessions: 'Running sessions',
  thisOne: 'This session',
  source: 'Way to sign in',
  level: 'Assurance level',
  begun: 'Begun',
  ends: 'Ends at the latest',
  services: 'Entered',
  noServices: 'No agency entered yet',
  end: 'End session',
  begunAt: (device, begun) => `${device}, begun ${begun}`,
  notShown: (more) => `There are ${more} earlier ones that are not shown. They end, too, when you end all others.`,
  endOthers: 'End all other sessions',
  endAll: 'End all, this one too',
  told: 'The agencies entered in a session are told.',
  devices: 'Known devices',
  devicesText:
    'A sign-in in a known device is not told to your contacts. Forget a device, and its next sign-in will be.',
  noDevices: 'No device is known yet.',
  thisDevice: 'This device',
  first: 'First used',
  last: 'Last used',
  forget: 'Forget device',
};
