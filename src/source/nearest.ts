/** The known words that `word` is most likely a slip of, the closest first; none when nothing is close. */
export function nearest(word: string, known: readonly string[], most = 3): readonly string[] {
  const limit = Math.max(1, Math.floor(word.length / 3))
  return known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= limit || (word.length >= 3 && partOf(word, candidate)))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** A whole part of a longer name, as `main` is of `origin/main` and `concurrently` of `create-index-concurrently`. */
function partOf(word: string, candidate: string): boolean {
  return candidate
    .toLowerCase()
    .split(/[/_.-]/)
    .includes(word.toLowerCase())
}

/** Edits between two words: insert, delete, replace, or swap of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  // Names that long are not typed by hand, and the table would be large.
  if (Math.abs(a.length - b.length) > 40 || a.length > 200) return Infinity
  let before: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(before, j - 2) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
