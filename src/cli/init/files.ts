import { renderFile } from '../../report/render.js'
import { CONFIG_PATH } from '../../review/policy.js'
import { programAction } from '../../source/program-version.js'
import { DEFAULTS } from '../../config/schema.js'
import type { Seen } from './look.js'
import { serviceImage } from './postgres.js'

/** Where the workflow goes. */
export const WORKFLOW_PATH = '.github/workflows/dba.yml'

/** A file to write, from the top of the repository. */
export interface Draft {
  readonly path: string
  readonly text: string
}

/** The least major that a named server, and an image on a Docker engine, may have. */
const LEAST_SERVICE = 16
const LEAST_IMAGE = 15

/** The one major that all files agree on; null where they name none, or several. */
export function majorOf({ postgres }: Pick<Seen, 'postgres'>): number | null {
  const [major, ...others] = new Set(postgres.map((seen) => seen.major))
  return major !== undefined && others.length === 0 ? major : null
}

/** Policy and workflow for what was seen. */
export function drafts(seen: Seen, native: boolean): readonly Draft[] {
  const major = majorOf(seen)
  return [
    { path: CONFIG_PATH, text: renderFile('init/policy.yml', policyView(seen, major)) },
    { path: WORKFLOW_PATH, text: renderFile('init/workflow.yml', workflowView(seen, major, native)) },
  ]
}

function policyView({ projects, postgres, dumps }: Seen, major: number | null): object {
  const places = [...new Set(postgres.map(({ path, major: each }) => `${each} in ${path}`))]
  const dump = dumps.find(({ kind }) => kind === 'current')
  return {
    postgres: major === null || major === DEFAULTS.postgres ? null : String(major),
    default: String(DEFAULTS.postgres),
    places: places.length === 0 ? null : places.join(', '),
    projects: projects.map(({ project: { framework, root } }) => ({ framework, path: root === '' ? '.' : root })),
    baseline: dump?.path ?? null,
    undated: dump === undefined ? (dumps.find(({ kind }) => kind === 'undated')?.path ?? null) : null,
  }
}

function workflowView(seen: Seen, major: number | null, native: boolean): object {
  // A tool of its own needs a server to connect to.
  const wanted = major ?? (native ? DEFAULTS.postgres : null)
  const service =
    wanted !== null && wanted >= LEAST_SERVICE && (native || wanted !== DEFAULTS.postgres || extended(seen))
  const { python } = seen
  return {
    action: programAction(),
    image: service && wanted !== null ? serviceImage(seen.postgres, wanted) : null,
    pulled: major !== null && major >= LEAST_IMAGE && major < LEAST_SERVICE ? `postgres:${major}` : null,
    python: native ? python : null,
    pythonFolder: python === null || python.folder === '' ? null : python.folder,
    pythonVersion: seen.pythonVersion,
    environment: Object.entries(python?.environment ?? {}).map(([name, value]) => ({ name, value })),
  }
}

function extended({ postgres }: Seen): boolean {
  return !serviceImage(postgres, DEFAULTS.postgres).startsWith('postgres:')
}
