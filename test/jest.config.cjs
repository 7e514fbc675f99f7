const swc = {
  module: { type: 'commonjs' },
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2023',
    keepClassNames: true,
  },
};

/** @type {import('jest').Config} */
module.exports = {
  rootDir: '..',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    // Hosts have Ajv 8; here, tools need Ajv 6 under that name.
    '^ajv/dist/2020$': 'ajv-8/dist/2020',
    '^nestjs-webhooks$': '<rootDir>/lib/index.ts',
    '^nestjs-webhooks/(contracts|opentelemetry|prometheus|receiver|terminus|undici)$': '<rootDir>/lib/$1.ts',
  },
  testEnvironment: 'node',
  testTimeout: 30_000,
  // Jest leaves a core free, and most specs wait for a database or a process anyway.
  maxWorkers: '100%',
  restoreMocks: true,
  setupFilesAfterEnv: ['<rootDir>/test/support/matchers.ts', '<rootDir>/test/support/names.ts'],
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
  globalSetup: '<rootDir>/test/support/databases/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/databases/global-teardown.ts',
};
