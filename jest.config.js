import { availableParallelism } from 'node:os'

/** TypeScript is stripped by swc; `tsc` checks the types in its own step. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // They need an engine, and have a command of their own: npm run test:docker.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/docker/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  // What waits for a database may have to wait for the suites beside as well.
  testTimeout: 60_000,
  // Many tests wait: for a database, for a process, for the App to try again. One worker more than there are cores keeps all busy.
  maxWorkers: availableParallelism() + 1,
  testSequencer: '<rootDir>/scripts/longest-first.mjs',
}
