import { test } from '@jest/globals'
import { fetched, type Tool } from './tool.js'

export { cargoProgram, cargoTool, goProgram, goTool, installedTool, npmTool } from './tool.js'

/** Declares tests that need a tool itself; where it cannot be had, says so aloud and skips them. */
export async function withTool(tool: Tool, declare: (program: string) => void): Promise<void> {
  const found = await fetched(tool)
  if ('program' in found) return declare(found.program)
  process.stderr.write(`${tool.name} itself is not tested: ${found.missing}\n`)
  test.skip(`${tool.name}: ${found.missing}`, () => undefined)
}
