// What a release does that can be done anywhere; see CONTRIBUTING. Nothing here is sent to anybody.
//   npm run release -- check release/v1.2.3     what keeps this commit from being released
//   npm run release -- lay-out FOLDER           what a release consists of, from what is built
//   npm run release -- commit FOLDER            makes its commit in this repository, and prints it
//   npm run release -- pack FOLDER COMMIT OUT   the npm package of a folder, which then knows the commit of its Action
//   npm run release -- sbom FORMAT             what a user installs, as cyclonedx or spdx
//   npm run release -- notes COMMIT             the notes of a release
//   npm run release -- verify REF               whether a release is what this commit gives
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { problems } from './release/check.mjs'
import { commitOf, commitRelease, differing, git, sourceOf } from './release/commit.mjs'
import { notes } from './release/notes.mjs'
import { billOf } from './release/sbom.mjs'
import { layOut } from './release/tree.mjs'
import { majorBranch, versionOf } from './release/version.mjs'

const ROOT = process.cwd()
const read = (path) => readFileSync(join(ROOT, path), 'utf8')
const manifest = JSON.parse(read('package.json'))

const VERBS = { check, 'lay-out': layOutVerb, commit, pack, sbom, notes: notesVerb, verify }
const [verb, ...args] = process.argv.slice(2)
try {
  if (!Object.hasOwn(VERBS, verb ?? '')) throw new Error(`say one of ${Object.keys(VERBS).join(', ')}`)
  VERBS[verb](...args)
} catch (error) {
  console.error(`release: ${error.message}`)
  process.exitCode = 1
}

function check(tag = '') {
  const version = versionOf(tag)
  const found = problems(tag, {
    manifest: manifest.version,
    lock: JSON.parse(read('package-lock.json')).version,
    changelog: read('CHANGELOG.md'),
    released: commitOf(ROOT, `refs/tags/v${version}`) !== null,
    onMain: isOnMain(),
    newest: newestVersion(),
  })
  if (found.length > 0) throw new Error(`${tag} cannot be released:\n${found.map((each) => `  - ${each}`).join('\n')}`)
  console.log(`${tag} can be released.`)
}

function layOutVerb(folder = fail('name a folder')) {
  layOut(ROOT, resolve(folder))
}

function commit(folder = fail('name the folder of a release')) {
  if (git(ROOT, ['status', '--porcelain']) !== '')
    fail('the working tree is not clean, so the release would be of no commit')
  const source = git(ROOT, ['rev-parse', 'HEAD'])
  console.log(commitRelease(ROOT, { folder, version: manifest.version, source, newest: newest() }))
}

function pack(folder = fail('name the folder of a release'), commit = fail('name its commit'), out = '.') {
  const scratch = mkdtempSync(join(tmpdir(), 'dba-release-'))
  try {
    cpSync(resolve(folder), scratch, { recursive: true })
    const released = JSON.parse(readFileSync(join(scratch, 'package.json'), 'utf8'))
    writeFileSync(join(scratch, 'package.json'), `${JSON.stringify({ ...released, action: { commit } }, null, 2)}\n`)
    mkdirSync(resolve(out), { recursive: true })
    const args = ['pack', '--ignore-scripts', '--pack-destination', resolve(out)]
    execFileSync('npm', args, { cwd: scratch, stdio: ['ignore', 'inherit', 'ignore'] })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function sbom(format = fail('name a format, cyclonedx or spdx')) {
  process.stdout.write(billOf(manifest, JSON.parse(read('package-lock.json')), format))
}

function notesVerb(commit = fail('name the commit of the release')) {
  const repository = /github\.com\/(.+?)(\.git)?$/.exec(manifest.repository.url)[1]
  const source = sourceOf(ROOT, commit) ?? fail(`${commit} does not say from what it was built`)
  process.stdout.write(
    notes({ version: manifest.version, changelog: read('CHANGELOG.md'), commit, source, repository }),
  )
}

function verify(ref = fail('name a release, such as v1.2.3')) {
  const release = commitOf(ROOT, ref) ?? fail(`there is no ${ref} here`)
  const source = sourceOf(ROOT, release) ?? fail(`${ref} does not say from what it was built`)
  if (git(ROOT, ['rev-parse', 'HEAD']) !== source) fail(`${ref} was built from ${source}; check that commit out`)
  if (git(ROOT, ['status', '--porcelain']) !== '') fail('the working tree is not clean')
  for (const script of ['build', 'package'])
    execFileSync('npm', ['run', '--silent', script], { stdio: ['ignore', 'ignore', 'inherit'] })
  const scratch = mkdtempSync(join(tmpdir(), 'dba-release-'))
  try {
    layOut(ROOT, scratch)
    const different = differing(ROOT, release, scratch)
    if (different.length > 0)
      fail(`${ref} is not what ${source} gives:\n${different.map((path) => `  ${path}`).join('\n')}`)
    console.log(`${ref} (${release}) is what ${source} gives.`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The newest release of this major version, as the remote has it where there is one. */
function newest() {
  const branch = majorBranch(manifest.version)
  return commitOf(ROOT, `refs/remotes/origin/${branch}`) ?? commitOf(ROOT, `refs/heads/${branch}`)
}

function newestVersion() {
  const at = newest()
  return at === null ? null : JSON.parse(git(ROOT, ['show', `${at}:package.json`])).version
}

function isOnMain() {
  const main = commitOf(ROOT, 'refs/remotes/origin/main') ?? commitOf(ROOT, 'refs/heads/main')
  return main !== null && git(ROOT, ['merge-base', 'HEAD', main]) === git(ROOT, ['rev-parse', 'HEAD'])
}

function fail(message) {
  throw new Error(message)
}
