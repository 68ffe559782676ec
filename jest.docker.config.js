import shared from './jest.config.js'

/** The tests that need a Docker engine; `npm run test:docker` finds or starts one. */
export default { ...shared, roots: ['<rootDir>/test/docker'], testPathIgnorePatterns: [] }
