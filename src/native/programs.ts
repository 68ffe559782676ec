import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { upwards } from './environment.js'

/** The ways in which it may be there, the most particular first. */
export async function programs(
  folder: string,
  top: string,
  { VIRTUAL_ENV, PATH = '' }: Readonly<Record<string, string | undefined>>,
): Promise<readonly (readonly string[])[]> {
  const beside = upwards(folder, top).flatMap((at) => [join(at, '.venv', 'bin'), join(at, 'venv', 'bin')])
  const active = VIRTUAL_ENV === undefined ? [] : [join(VIRTUAL_ENV, 'bin')]
  const folders = [...active, ...beside, ...PATH.split(delimiter).filter((each) => each.startsWith('/'))]
  const found: (readonly string[])[] = []
  for (const [program, ...args] of [['alembic'], ['python', '-m', 'alembic'], ['python3', '-m', 'alembic']]) {
    for (const at of folders) {
      const file = join(at, program ?? '')
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (!runs) continue
      found.push([file, ...args])
      // On the PATH the first one counts.
      if (!active.includes(at) && !beside.includes(at)) break
    }
  }
  return found
}

/** A command as a person writes it, with quotes around what holds spaces; no shell reads it. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
}
