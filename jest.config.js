// TypeScript runs as Node runs it, with its types stripped; see test/strip-types.js.
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.data/'],
  globalSetup: '<rootDir>/test/before-all.ts',
  setupFiles: ['<rootDir>/test/one-realm.js'],
  testSequencer: '<rootDir>/test/slowest-first.js',
  reporters: ['default', '<rootDir>/test/behaviours.js'],
  maxWorkers: 2,
  testTimeout: 30_000,
};
