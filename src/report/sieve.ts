/** So many characters in a row are looked at together. */
const GRAM = 4
/** A form that is searched for has this many at least: then one of each three places in it begins a gram that is looked at. */
const SHORTEST = GRAM + 2
const STRIDE = SHORTEST - GRAM + 1
const SIZE = 1 << 20

/**
 * Tells quickly that a text holds none of these forms, in whatever letters; it may say that one does which does not. Each form has
 * six characters or more. Looking for hundreds of them in earnest takes a hundred times as long, and almost no text holds any.
 */
export function sieve(forms: readonly string[]): (text: string) => boolean {
  if (forms.length === 0) return () => false
  if (forms.some(({ length }) => length < SHORTEST)) throw new RangeError(`a form has ${SHORTEST} characters at least`)
  const grams = new Uint8Array(SIZE)
  for (const form of forms) {
    // What stands in the middle tells a form from other texts: many begin as something that is no secret does.
    const middle = Math.floor((form.length - SHORTEST) / 2)
    for (let offset = 0; offset < STRIDE; offset++) grams[hash(form, middle + offset)] = 1
  }
  return (text) => {
    for (let at = 0; at + GRAM <= text.length; at += STRIDE) if (grams[hash(text, at)] === 1) return true
    return false
  }
}

/** Of the gram that begins there; the same for small and capital letters. */
function hash(text: string, at: number): number {
  let sum = 0
  for (let i = at; i < at + GRAM; i++) sum = (Math.imul(sum, 0x01000193) ^ folded(text.charCodeAt(i))) | 0
  return (sum ^ (sum >>> 15)) & (SIZE - 1)
}

/** Letters with this bit set are small ones. Beyond ASCII all count as one: there, what is the same letter is told in many ways. */
function folded(code: number): number {
  return code < 128 ? code | 32 : 128
}
