import { sectionOf } from './changelog.mjs'
import { compare, majorBranch, versionOf } from './version.mjs'

/**
 * What keeps a tag from being released; empty when nothing does. `facts`: `manifest` and `lock` (the versions that they say),
 * `changelog` (its text), `released` (whether the version's own tag exists), `onMain` (whether the commit is on the default branch),
 * `newest` (the version that the major branch stands at, null before the first).
 */
export function problems(tag, { manifest, lock, changelog, released, onMain, newest }) {
  const version = versionOf(tag)
  if (version === null) return [`${tag} is no tag of a release, such as release/v1.2.3`]
  const section = sectionOf(changelog, version)
  const pending = sectionOf(changelog, 'Unreleased')
  return [
    ...(manifest === version ? [] : [`package.json says ${manifest}`]),
    ...(lock === version ? [] : [`package-lock.json says ${lock}`]),
    ...(section === null ? [`CHANGELOG.md has no section "## ${version}"`] : []),
    ...(section === '' ? [`CHANGELOG.md says nothing of ${version}`] : []),
    ...(pending ? ['CHANGELOG.md still has entries under "Unreleased"'] : []),
    ...(onMain ? [] : ['the commit is not on the default branch']),
    ...(released ? [`v${version} is released already; a release is never made twice`] : []),
    ...(newest !== null && compare(version, newest) <= 0
      ? [`${majorBranch(version)} stands at ${newest}, and is only moved forward`]
      : []),
  ]
}
