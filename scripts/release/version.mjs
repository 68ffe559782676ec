/** A version as numbers; null for anything but `1.2.3`. */
export function parts(version) {
  const found = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(version)
  return found === null ? null : found.slice(1).map(Number)
}

/** The version that a tag asks to be released, `release/v1.2.3`; null for another tag. */
export function versionOf(tag) {
  const version = /^release\/v(.+)$/.exec(tag)?.[1] ?? ''
  return parts(version) === null ? null : version
}

/** Below zero where `a` comes before `b`. */
export function compare(a, b) {
  const [ours, theirs] = [parts(a) ?? [], parts(b) ?? []]
  const at = ours.findIndex((part, index) => part !== theirs[index])
  return at < 0 ? 0 : ours[at] - theirs[at]
}

/** The branch that follows the newest release of a major version. */
export function majorBranch(version) {
  return `v${parts(version)?.[0]}`
}
