import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: object
}

interface Operation {
  readonly parameters: readonly Parameter[]
  readonly body?: { readonly properties?: object }
  readonly bodyRequired?: boolean
  readonly responses: Readonly<Record<string, object | null>>
}

export interface Match {
  /** Such as `GET /repos/{owner}/{repo}`. */
  readonly route: string
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
}

/** Parameters of a path that may hold slashes. */
const LONG = new Set(['path', 'ref', 'branch', 'basehead'])

/** GitHub's own description of the routes that are used, and whether a request or an answer agrees with it. */
export class Description {
  readonly #routes: readonly { readonly method: string; readonly path: string; readonly pattern: RegExp }[]
  readonly #paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly #strict: Ajv
  readonly #lenient: Ajv
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor() {
    const text = readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')
    const { paths, schemas } = JSON.parse(text.replaceAll('"#/schemas/', '"github#/schemas/')) as {
      paths: Record<string, Record<string, Operation>>
      schemas: object
    }
    this.#paths = paths
    this.#routes = Object.entries(paths)
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path, pattern: patternOf(path) })),
      )
      .sort((one, other) => rank(other.path) - rank(one.path))
    const options = { strict: false, allErrors: true, validateFormats: true } as const
    const [strict, lenient] = [new Ajv(options), new Ajv({ ...options, coerceTypes: 'array' })]
    for (const ajv of [strict, lenient]) {
      formats.default(ajv, { mode: 'fast' })
      for (const name of ['timestamp', 'repo.nwo', 'ssh-key', 'int64', 'uri-template']) ajv.addFormat(name, true)
      ajv.addSchema({ $id: 'github', schemas })
    }
    this.#strict = strict
    this.#lenient = lenient
  }

  match(method: string, path: string): Match | null {
    for (const route of this.#routes) {
      if (route.method !== method) continue
      const found = route.pattern.exec(path)
      const operation = this.#paths[route.path]?.[method.toLowerCase()]
      if (!found || !operation) continue
      const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
      return { route: `${method} ${route.path}`, operation, params: Object.fromEntries(params) }
    }
    return null
  }

  /** What is wrong with a request; empty when it is right. Parameters and fields that are not described are wrong. */
  faultsOfRequest(match: Match, query: Readonly<Record<string, unknown>>, body: unknown): readonly string[] {
    const { operation, route } = match
    return [
      ...this.#faultsOfParameters(route, 'path', operation, match.params),
      ...this.#faultsOfParameters(route, 'query', operation, query),
      ...this.#faultsOfBody(route, operation, body),
    ]
  }

  /** What is wrong with an answer; empty when it is right, or when the description says nothing of it. */
  faultsOfAnswer({ operation, route }: Match, status: number, body: unknown): readonly string[] {
    const schema = operation.responses[String(status)]
    if (status >= 300) return []
    if (!(String(status) in operation.responses)) return [`status ${status} is not described`]
    if (!schema) return []
    return this.#check(this.#strict, `${route} ${status}`, schema, body)
  }

  #faultsOfParameters(
    route: string,
    where: 'path' | 'query',
    { parameters }: Operation,
    values: Readonly<Record<string, unknown>>,
  ): readonly string[] {
    const known = parameters.filter((parameter) => parameter.in === where)
    const schema = {
      type: 'object',
      properties: Object.fromEntries(known.map((parameter) => [parameter.name, parameter.schema])),
      required: known.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    }
    return this.#check(this.#lenient, `${route} ${where}`, schema, { ...values })
  }

  #faultsOfBody(route: string, { body: schema, bodyRequired }: Operation, body: unknown): readonly string[] {
    if (body === undefined) return schema && bodyRequired ? ['body is missing'] : []
    if (!schema)
      return typeof body === 'object' && Object.keys(body ?? {}).length === 0 ? [] : ['body is not described']
    const unknown = Object.keys(body ?? {}).filter((key) => schema.properties && !(key in schema.properties))
    return [
      ...unknown.map((key) => `body: ${key} is not described`),
      ...this.#check(this.#strict, `${route} body`, schema, body),
    ]
  }

  #check(ajv: Ajv, key: string, schema: object, value: unknown): readonly string[] {
    const validate = this.#compiled.get(key) ?? ajv.compile(schema)
    this.#compiled.set(key, validate)
    if (validate(value)) return []
    const where = key.slice(key.lastIndexOf(' ') + 1)
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${where}${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}

function patternOf(path: string): RegExp {
  const source = path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => `(?<${name}>${name === 'path' ? '.*' : LONG.has(name) ? '.+' : '[^/]+'})`,
  )
  return new RegExp(`^${source}$`)
}

/** Paths with more fixed letters are tried first, so that `/commits/{ref}/pulls` is not taken for a ref. */
const rank = (path: string): number => path.replace(/\{\w+\}/g, '').length
