/**
 * `npm run package [-- FOLDER]`: the Action as the runner runs it, in `dist-action` (or FOLDER): one ESM file, the threads and
 * processes that it starts beside it, what they share in chunks, and the assets. The same sources give the same bytes.
 *
 * `npm run package -- --check FOLDER`: whether FOLDER is what the sources give; exit code 1 when it is not.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MODULES = join(ROOT, 'node_modules')

/** Packages that look for files of their own by the way in which packages are found; they lie beside the bundle as they are. */
const WHOLE = {
  // `require.resolve` goes by the CommonJS entry, though nothing loads it.
  '@electric-sql/pglite':
    /^(package\.json|LICENSE|dist\/index\.cjs|dist\/[^/]+\.(js|wasm|data|tar\.gz)|dist\/fs\/[^/]+\.js)$/,
}
/** What is only asked for in case it is there, and is not. */
const ABSENT = ['pg-native', 'cpu-features', './crypto/build/Release/sshcrypto.node']
/** What a door of its own needs, and this one does not. */
const OTHER_DOORS = /^(server|cli)\//

/** Makes the bundle in a folder, which is emptied first. */
async function make(folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const assets = new Set()
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: 'src/action.ts', out: 'index' }, ...programs()],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    external: [...Object.keys(WHOLE), ...ABSENT],
    // CommonJS packages ask for these.
    banner: { js: REQUIRE },
    plugins: [places(assets), parsers(folder), pure],
  })
  for (const asset of assets)
    if (asset !== 'package.json') cpSync(join(ROOT, asset), join(folder, asset), { recursive: true })
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name, version, license, type: 'module' }, null, 2)}\n`,
  )
  for (const [name, wanted] of Object.entries(WHOLE)) copyPackage(name, wanted, folder)
  writeFileSync(join(folder, 'LICENSES.txt'), licenses(Object.keys(metafile.inputs)))
}

const REQUIRE = [
  `import{createRequire as $require}from'node:module';import{fileURLToPath as $path}from'node:url'`,
  `const require=$require(import.meta.url),__filename=$path(import.meta.url),__dirname=$path(new URL('.',import.meta.url))`,
].join(';')

/** The files of ours that are started as threads and processes of their own: each becomes a file of its own. */
function programs() {
  const found = new Map()
  for (const file of filesOf(join(ROOT, 'src')).filter((each) => each.endsWith('.ts') && !OTHER_DOORS.test(each))) {
    const text = readFileSync(join(ROOT, 'src', file), 'utf8')
    for (const [, one, other] of text.matchAll(
      /runnable\(import\.meta\.url, '\.\/([\w-]+)\.js'\)|new URL\('\.\/([\w-]+)\.js', import\.meta\.url\)/g,
    )) {
      const name = one ?? other
      if (found.has(name)) throw new Error(`two programs are called ${name}`)
      found.set(name, { in: join('src', dirname(file), `${name}.ts`), out: name })
    }
  }
  return [...found.values()].sort((a, b) => (a.out < b.out ? -1 : 1))
}

/** What our modules read from the top of the repository lies beside the bundle. */
function places(assets) {
  return {
    name: 'places',
    setup(builder) {
      builder.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8').replace(
          /new URL\('(?:\.\.\/)+([\w./-]+)', import\.meta\.url\)/g,
          (_, asset) => {
            assets.add(asset)
            return `new URL('./${asset}', import.meta.url)`
          },
        )
        return { contents, loader: 'ts' }
      })
    },
  }
}

const ITS_NAME = JSON.stringify('libpg-query.wasm')

/** The parsers of several majors, which call their WebAssembly by the same name. */
function parsers(folder) {
  return {
    name: 'parsers',
    setup(builder) {
      // What is loaded only when it is wanted has names to import only as an ES module.
      builder.onResolve({ filter: /^libpg-query(-\d+)?$/ }, ({ path }) => ({
        path: join(MODULES, path, 'wasm', 'index.js'),
      }))
      builder.onLoad({ filter: /\/libpg-query(-\d+)?\/wasm\/libpg-query\.js$/ }, ({ path }) => {
        const name = `${basename(dirname(dirname(path)))}.wasm`
        const before = readFileSync(path, 'utf8')
        if (!before.includes(ITS_NAME)) throw new Error(`${path} does not name its WebAssembly`)
        const contents = before.replaceAll(ITS_NAME, JSON.stringify(name))
        cpSync(join(dirname(path), 'libpg-query.wasm'), join(folder, name))
        return { contents, loader: 'js' }
      })
    },
  }
}

/** Of the toolkit only what is used: its modules do nothing when they are loaded, though its manifest does not say so. */
const pure = {
  name: 'pure',
  setup(builder) {
    builder.onResolve({ filter: /^@actions\/|^\.\/(oidc-utils|platform|path-utils)\.js$/ }, async (asked) => {
      if (asked.pluginData === pure || !/@actions|src\/action\.ts/.test(asked.importer)) return undefined
      const { path, kind, importer, resolveDir } = { ...asked }
      const found = await builder.resolve(path, { kind, importer, resolveDir, pluginData: pure })
      return { ...found, sideEffects: false }
    })
  },
}

function copyPackage(name, wanted, folder) {
  const from = join(MODULES, name)
  for (const file of filesOf(from).filter((each) => wanted.test(each))) {
    cpSync(join(from, file), join(folder, 'node_modules', name, file))
  }
}

/** The licences of all that is in the bundle. */
function licenses(inputs) {
  const names = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])
  return [...new Set([...names, ...Object.keys(WHOLE)])]
    .sort()
    .map((name) => {
      const home = join(MODULES, name)
      const { version, license } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
      const file = readdirSync(home).find((each) => /^licen[cs]e(\.|$)/i.test(each))
      const text = file === undefined ? '' : `\n${readFileSync(join(home, file), 'utf8').trim()}\n`
      return `${name} ${version} (${license})\n${text}`
    })
    .join(`\n${'-'.repeat(80)}\n`)
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

const digestOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex')

/** What differs between two folders. */
function differences(one, other) {
  const names = new Set([...filesOf(one), ...filesOf(other)])
  return [...names].sort().filter((name) => {
    const [a, b] = [join(one, name), join(other, name)]
    return !existsSync(a) || !existsSync(b) || digestOf(a) !== digestOf(b)
  })
}

const args = process.argv.slice(2)
const checks = args[0] === '--check'
const folder = resolve(args.filter((each) => each !== '--check')[0] ?? join(ROOT, 'dist-action'))
if (checks) {
  const fresh = mkdtempSync(join(tmpdir(), 'dba-package-'))
  try {
    await make(fresh)
    const wrong = existsSync(folder) ? differences(fresh, folder) : [folder]
    for (const name of wrong) console.error(`not what the sources give: ${name}`)
    if (wrong.length > 0) process.exitCode = 1
    else console.log(`${relative(process.cwd(), folder) || '.'} is what the sources give.`)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
} else {
  await make(folder)
  const files = filesOf(folder).map((name) => ({ name, bytes: statSync(join(folder, name)).size }))
  const megabytes = (some) => (some.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20).toFixed(1)
  const scripts = files.filter(({ name }) => /^[^/]+\.js$/.test(name))
  console.log(`${folder}: ${megabytes(files)} MiB, of which ${megabytes(scripts)} MiB are JavaScript of the bundle`)
}
