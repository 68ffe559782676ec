import { refusedCases } from './refused-cases.js'

await refusedCases(18)
