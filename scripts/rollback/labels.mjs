/** What going down and up again did with a revision on an empty database, as a labeller may have seen it. */
const LABELS = ['clean', 'down-error', 'up2-error', 'drift', 'down-missing', 'down-raises', 'merge-or-empty']

/**
 * The labelled revisions of a JSON-lines text by repository and commit, in the order of the text. What has another label,
 * which says nothing of the revision, is counted in `others`; a line that is no label at all is an error.
 */
export function readLabels(text) {
  const groups = new Map()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const label = labelOf(line, index + 1)
    const key = `${label.repo} ${label.commit}`
    const group = groups.get(key) ?? { repo: label.repo, commit: label.commit, labels: new Map(), others: 0 }
    if (LABELS.includes(label.label)) group.labels.set(label.path, label)
    else group.others++
    groups.set(key, group)
  }
  return [...groups.values()]
}

function labelOf(line, number) {
  let label
  try {
    label = JSON.parse(line)
  } catch (error) {
    throw new Error(`line ${number} of the labels is not JSON: ${error.message}`, { cause: error })
  }
  const missing = ['repo', 'commit', 'path', 'label'].filter((key) => typeof label?.[key] !== 'string')
  if (missing.length > 0) throw new Error(`line ${number} of the labels lacks ${missing.join(', ')}`)
  return label
}
