/** A PostgreSQL that a file of the repository starts. */
export interface SeenPostgres {
  readonly path: string
  readonly image: string
  readonly major: number
}

/** Files in which services are declared. */
export function declaresServices(path: string): boolean {
  return /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$|^\.github\/workflows\/[^/]+\.ya?ml$|(^|\/)\.gitlab-ci\.ya?ml$/.test(
    path,
  )
}

/** The images of PostgreSQL that a file names; by lines, so that what a template engine or a mistake does to the rest is no matter. */
export function postgresIn(path: string, text: string): readonly SeenPostgres[] {
  const images = [...text.matchAll(/^\s*(?:-\s+)?image:\s*["']?([^\s"'#]+)/gm)].map(([, image = '']) => image)
  return images.flatMap((image) => {
    const major = majorOf(image)
    return major === null ? [] : [{ path, image, major }]
  })
}

function majorOf(image: string): number | null {
  const [, name = '', tag = ''] = /^(?:.*\/)?([\w.-]+):([^@]+)/.exec(image) ?? []
  const found = /^(postgres|postgresql|postgis)$/.test(name)
    ? /^(?:\$\{\w+:-)?(\d{1,2})(?!\d)/.exec(tag)
    : /^(pgvector|timescaledb|timescaledb-ha)$/.test(name)
      ? /(?:^|-)pg(\d{1,2})(?!\d)/.exec(tag)
      : null
  return found === null ? null : Number(found[1])
}

/**
 * The image to rehearse on: the official one of that major, unless the team's brings extensions and is started in the same way.
 */
export function serviceImage(seen: readonly SeenPostgres[], major: number): string {
  const withExtensions = /^(docker\.io\/)?(postgis\/postgis|pgvector\/pgvector|timescale\/timescaledb):[\w.-]+$/
  return seen.find(({ image }) => withExtensions.test(image))?.image ?? `postgres:${major}`
}
