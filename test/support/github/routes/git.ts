import { changesBetween } from '../git/changes.js'
import type { Commit } from '../git/objects.js'
import { tarball } from '../git/tarball.js'
import { notFound, Refusal, type Answer, type Json } from '../http/answer.js'
import type { Call, Routes } from '../http/call.js'
import { changeJson, commitJson, gitCommitJson } from '../json/git.js'
import { HTML, nodeId, repositoryUrl } from '../json/names.js'
import { pullJson } from '../json/pulls.js'

const REPO = '/repos/{owner}/{repo}'
const RAW = /application\/vnd\.github\.(v3\.)?raw/
const MEGABYTE = 1_048_576

/** Commits, trees, blobs and files. */
export const git: Routes = {
  [`GET ${REPO}/git/trees/{tree_sha}`]: { needs: ['contents:read'], handle: tree },
  [`GET ${REPO}/git/blobs/{file_sha}`]: { needs: ['contents:read'], handle: blob },
  [`GET ${REPO}/git/commits/{commit_sha}`]: {
    needs: ['contents:read'],
    handle: (call) => {
      const commit = call.repository.objects.commit(call.param('commit_sha'))
      if (!commit) throw notFound()
      return { status: 200, body: gitCommitJson(call.world, call.repository, commit) }
    },
  },
  [`GET ${REPO}/git/ref/{ref}`]: {
    needs: ['contents:read'],
    handle: (call) => {
      const found = refsOf(call).find(([ref]) => ref === `refs/${call.param('ref')}`)
      if (!found) throw notFound()
      return { status: 200, body: refJson(call, found) }
    },
  },
  [`GET ${REPO}/git/matching-refs/{ref}`]: {
    needs: ['contents:read'],
    handle: (call) => {
      const found = refsOf(call).filter(([ref]) => ref.startsWith(`refs/${call.param('ref')}`))
      return call.page(found, (ref) => refJson(call, ref))
    },
  },
  [`GET ${REPO}/commits`]: {
    needs: ['contents:read'],
    handle: (call) => {
      const commit = commitAt(call, call.query.sha ?? call.repository.defaultBranch)
      const commits = call.repository.objects.ancestors(commit.sha)
      return call.page(commits, (each) => commitJson(call.world, call.repository, each))
    },
  },
  [`GET ${REPO}/commits/{ref}`]: { needs: ['contents:read'], handle: commitWithFiles },
  [`GET ${REPO}/commits/{commit_sha}/pulls`]: {
    needs: ['contents:read', 'pull_requests:read'],
    handle: (call) => {
      const sha = call.param('commit_sha')
      if (!call.repository.objects.commit(sha)) throw noCommit(sha)
      const pulls = [...call.repository.pulls.values()].filter(
        (pull) => (pull.open || pull.merged) && pull.commits().some((commit) => commit.sha === sha),
      )
      return call.page(pulls.reverse(), (pull) => pullJson(call.world, pull, 'simple'))
    },
  },
  [`GET ${REPO}/compare/{basehead}`]: { needs: ['contents:read'], handle: compare },
  [`GET ${REPO}/contents/{path}`]: { needs: ['contents:read'], handle: contents },
  [`GET ${REPO}/tarball/{ref}`]: {
    needs: ['contents:read'],
    handle: (call) => {
      const { sha } = commitAt(call, call.param('ref'))
      const path = `/_codeload/${call.repository.fullName}/legacy.tar.gz/${sha}`
      return { status: 302, headers: { location: `${call.world.url}${path}?token=${call.token.token}` } }
    },
  },
  [`GET /_codeload/{owner}/{repo}/legacy.tar.gz/{ref}`]: {
    handle: ({ repository, ...call }) => {
      const commit = repository.objects.commit(call.params.ref ?? '')
      if (!commit) throw notFound()
      const folder = `${repository.fullName.replace('/', '-')}-${commit.sha.slice(0, 7)}`
      return {
        status: 200,
        headers: { 'content-type': 'application/x-gzip' },
        body: tarball(repository.objects, commit.tree, folder, commit.committer.at),
      }
    },
  },
}

export const noCommit = (sha: string): Refusal => new Refusal(422, `No commit found for SHA: ${sha}`)

/** The commit that a sha, a branch, or `owner:branch` of a fork is. */
export function commitAt({ repository }: Call, ref: string): Commit {
  const name = ref.replace(/^refs\/heads\//, '').replace(/^heads\//, '')
  const [owner, branch] = name.includes(':') ? name.split(':', 2) : [null, name]
  const fork = owner
    ? repository.network.find((other) => !other.deleted && other.owner.login.toLowerCase() === owner.toLowerCase())
    : repository
  const pull = /^(?:refs\/)?pull\/(\d+)\/head$/.exec(name)
  const sha = fork?.branches.get(branch ?? '') ?? (pull ? repository.pulls.get(Number(pull[1]))?.sha : undefined)
  const commit = repository.objects.commit(sha ?? name)
  if (!commit) throw notFound()
  return commit
}

function tree(call: Call): Answer {
  const { world, repository } = call
  const { objects } = repository
  const asked = call.param('tree_sha')
  const sha = objects.tree(asked) ? asked : commitAt(call, asked).tree
  const url = `${repositoryUrl(world, repository)}/git`
  const entryJson = (path: string, mode: string, id: string): Json => {
    if (mode === '40000') return { path, mode: '040000', type: 'tree', sha: id, url: `${url}/trees/${id}` }
    if (mode === '160000') return { path, mode, type: 'commit', sha: id }
    return { path, mode, type: 'blob', sha: id, size: objects.blob(id)?.length ?? 0, url: `${url}/blobs/${id}` }
  }
  const limit = world.limits.treeEntries
  const entries: Json[] = []
  // One more than the limit is looked at, to know that there are more.
  const walk = (folder: string, prefix: string): void => {
    for (const { name, mode, sha: id } of objects.tree(folder) ?? []) {
      if (entries.length > limit) return
      entries.push(entryJson(prefix + name, mode, id))
      if (mode === '40000' && call.query.recursive !== undefined) walk(id, `${prefix}${name}/`)
    }
  }
  walk(sha, '')
  const truncated = entries.length > limit
  return { status: 200, body: { sha, url: `${url}/trees/${sha}`, tree: entries.slice(0, limit), truncated } }
}

function blob(call: Call): Answer {
  const sha = call.param('file_sha')
  const bytes = call.repository.objects.blob(sha)
  if (!bytes) throw notFound()
  if (bytes.length > 100 * MEGABYTE) {
    throw new Refusal(403, 'This API returns blobs up to 100 MB in size. The requested blob is too large.', [
      { resource: 'Blob', field: 'data', code: 'too_large' },
    ])
  }
  if (RAW.test(call.accept)) return { status: 200, body: bytes }
  const url = `${repositoryUrl(call.world, call.repository)}/git/blobs/${sha}`
  const content = wrapped(bytes)
  return {
    status: 200,
    body: { sha, node_id: nodeId('B', sha), size: bytes.length, url, content, encoding: 'base64' },
  }
}

/** Base 64 as GitHub writes it, in lines of 60 letters. */
const wrapped = (bytes: Buffer): string => bytes.toString('base64').replace(/(.{60})/g, '$1\n')

function refsOf({ repository }: Call): readonly (readonly [string, string])[] {
  return [
    ...[...repository.branches].map(([name, sha]) => [`refs/heads/${name}`, sha] as const),
    ...[...repository.pulls.values()].map((pull) => [`refs/pull/${pull.number}/head`, pull.sha] as const),
  ]
}

function refJson({ world, repository }: Call, [ref, sha]: readonly [string, string]): Json {
  const url = `${repositoryUrl(world, repository)}/git`
  return {
    ref,
    node_id: nodeId('REF', ref),
    url: `${url}/${ref}`,
    object: { type: 'commit', sha, url: `${url}/commits/${sha}` },
  }
}

function commitWithFiles(call: Call): Answer {
  const { world, repository } = call
  const { objects } = repository
  const commit = commitAt(call, call.param('ref'))
  const parent = objects.commit(commit.parents[0] ?? '')?.tree ?? objects.writeTree(new Map())
  const changes = changesBetween(objects, parent, commit.tree)
  const sum = (key: 'additions' | 'deletions'): number => changes.reduce((total, change) => total + change[key], 0)
  const [additions, deletions] = [sum('additions'), sum('deletions')]
  const page = call.page(changes, (change) => changeJson(world, repository, commit.sha, change))
  return {
    ...page,
    body: {
      ...commitJson(world, repository, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: page.body,
    },
  }
}

/** Commits are given by page, files on the first page alone, and 300 of them at most. */
function compare(call: Call): Answer {
  const { world, repository } = call
  const { objects } = repository
  const [baseName = '', headName = ''] = call.param('basehead').split('...')
  const [base, head] = [commitAt(call, baseName), commitAt(call, headName)]
  const common = objects.mergeBase(base.sha, head.sha)
  if (!common) throw new Refusal(404, `No common ancestor between ${baseName} and ${headName}.`)
  const ahead = objects.between(base.sha, head.sha)
  const behind = objects.between(head.sha, base.sha)
  const state =
    ahead.length > 0 ? (behind.length > 0 ? 'diverged' : 'ahead') : behind.length > 0 ? 'behind' : 'identical'
  const changes = changesBetween(objects, common.tree, head.tree)
  const first = Number(call.query.page ?? 1) === 1
  const url = `${repositoryUrl(world, repository)}/compare/${call.param('basehead')}`
  const html = `${HTML}/${repository.fullName}/compare/${call.param('basehead')}`
  const size = call.query.per_page === undefined && call.query.page === undefined ? { per_page: '250' } : {}
  const page = call.page(ahead, (commit) => commitJson(world, repository, commit))
  return {
    ...page,
    body: {
      url,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: commitJson(world, repository, base),
      merge_base_commit: commitJson(world, repository, common),
      status: state,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits:
        'per_page' in size ? ahead.slice(-250).map((commit) => commitJson(world, repository, commit)) : page.body,
      ...(first
        ? {
            files: changes
              .slice(0, world.limits.compareFiles)
              .map((change) => changeJson(world, repository, head.sha, change)),
          }
        : {}),
    },
  }
}

function contents(call: Call): Answer {
  const { world, repository } = call
  const { objects } = repository
  const ref = call.query.ref ?? repository.defaultBranch
  const path = call.param('path').replace(/^\/+|\/+$/g, '')
  const commit = commitAt(call, ref)
  const leaf = objects.files(commit.tree).get(path)
  const place = (name: string, kind: string, sha: string): Json => {
    const encoded = name.split('/').map(encodeURIComponent).join('/')
    const url = `${repositoryUrl(world, repository)}/contents/${encoded}?ref=${ref}`
    const git_url = `${repositoryUrl(world, repository)}/git/${kind === 'dir' ? 'trees' : 'blobs'}/${sha}`
    const html = `${HTML}/${repository.fullName}/${kind === 'dir' ? 'tree' : 'blob'}/${ref}/${encoded}`
    return {
      name: name.split('/').at(-1),
      path: name,
      sha,
      size: kind === 'dir' ? 0 : (objects.blob(sha)?.length ?? 0),
      url,
      html_url: html,
      git_url,
      download_url: kind === 'file' ? `${html.replace('/blob/', '/raw/')}` : null,
      type: kind,
      _links: { self: url, git: git_url, html },
    }
  }
  if (!leaf) {
    const folder = folderAt(objects, commit.tree, path)
    if (!folder) throw notFound()
    const prefix = path === '' ? '' : `${path}/`
    const rows = folder.slice(0, 1_000).map(({ name, mode, sha }) => place(prefix + name, KINDS[mode] ?? 'file', sha))
    return { status: 200, body: rows }
  }
  const bytes = objects.blob(leaf.sha)
  if (leaf.mode === '160000' || !bytes) {
    return {
      status: 200,
      body: { ...place(path, 'submodule', leaf.sha), submodule_git_url: `${HTML}/vendor/${path}.git` },
    }
  }
  if (bytes.length > 100 * MEGABYTE) {
    throw new Refusal(403, 'This API returns blobs up to 100 MB in size. The requested blob is too large.', [
      { resource: 'Blob', field: 'data', code: 'too_large' },
    ])
  }
  if (RAW.test(call.accept)) return { status: 200, body: bytes }
  if (leaf.mode === '120000') {
    return { status: 200, body: { ...place(path, 'symlink', leaf.sha), target: bytes.toString('utf8') } }
  }
  const content =
    bytes.length > MEGABYTE ? { content: '', encoding: 'none' } : { content: wrapped(bytes), encoding: 'base64' }
  return { status: 200, body: { ...place(path, 'file', leaf.sha), ...content } }
}

const KINDS: Readonly<Record<string, string>> = { '40000': 'dir', '120000': 'symlink', '160000': 'submodule' }

function folderAt(objects: Call['repository']['objects'], root: string, path: string) {
  let folder = objects.tree(root)
  for (const name of path.split('/').filter(Boolean)) {
    const entry = folder?.find((each) => each.name === name && each.mode === '40000')
    folder = entry && objects.tree(entry.sha)
  }
  return folder
}
