import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { optionOf, readIni } from '../source/ini.js'
import { turned, upwards, urlOf, type Place } from './environment.js'

/** Where a project's configuration of Alembic is, and how it is asked for. */
export interface AlembicConfig {
  /** The text, with the folder in which it lies spelled out. */
  readonly text: string
  readonly section: string
  /** Where the tool is started. */
  readonly folder: string
}

/** The configuration whose `script_location` is the project's folder; a plain one where the project has none. */
export async function findConfig(scripts: string, top: string): Promise<AlembicConfig> {
  for (const folder of upwards(scripts, top)) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.ini'))
    for (const name of names.sort((a, b) => Number(b === 'alembic.ini') - Number(a === 'alembic.ini'))) {
      const written = await readFile(join(folder, name), 'utf8').catch(() => '')
      const text = written.replaceAll('%(here)s', folder.replaceAll('%', '%%'))
      for (const { section, value } of locations(text)) {
        const from = upwards(folder, top).find((start) => leadsTo(value, start, scripts))
        if (from !== undefined) return { text, section, folder: from }
      }
    }
  }
  const text = `[alembic]\nscript_location = ${scripts.replaceAll('%', '%%')}\nprepend_sys_path = .\n`
  return { text, section: 'alembic', folder: await home(scripts, top) }
}

/** The nearest folder in which a Python project begins. */
async function home(scripts: string, top: string): Promise<string> {
  for (const folder of upwards(dirname(scripts), top)) {
    const names = await readdir(folder).catch((): string[] => [])
    if (names.some((name) => name === 'pyproject.toml' || name === 'setup.py' || name === 'setup.cfg')) return folder
  }
  return top
}

function locations(text: string): readonly { readonly section: string; readonly value: string }[] {
  return readIni(text).sections.flatMap((section) => {
    const value = section.own.has('script_location') ? optionOf(section, 'script_location', new Map()) : null
    return value === null || value === '' ? [] : [{ section: section.name, value }]
  })
}

const SECTION = /^\[([^\]]+)\]/

function leadsTo(location: string, start: string, scripts: string): boolean {
  // `package:folder` is a place in an installed package.
  const inPackage = /^([\w.]+):(.+)$/.exec(location)
  if (inPackage === null) return resolve(start, location) === scripts
  return scripts.endsWith(`/${inPackage[1]?.replaceAll('.', '/')}/${inPackage[2]}`)
}

/** The configuration with the sandbox in place of every database that it names, and as the one to use. */
export function iniFor({ text, section }: AlembicConfig, place: Place): string {
  const url = `sqlalchemy.url = ${urlOf(place)}`
  let inside = false
  const lines = turned(text, place)
    .split('\n')
    .flatMap((line) => {
      const begun = SECTION.exec(line)?.[1]
      if (begun === undefined) return inside && /^sqlalchemy\.url\s*[=:]/.test(line) ? [] : [line]
      inside = begun === section
      return inside ? [line, url] : [line]
    })
  return lines.join('\n')
}
