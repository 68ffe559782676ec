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
  testTimeout: 30_000,
  // Most tests wait for a database, so that jest's own count (one core less) would leave the machine idle.
  maxWorkers: '100%',
}
