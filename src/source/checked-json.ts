/** A form that data may have, as Ajv compiles it: `errors` is what was wrong the last time it was asked. */
export interface Form<Data> {
  (data: unknown): data is Data
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null
}

/** The data that a text of JSON states, in a form that it has to have; or what is wrong with it, in words. */
export function checkedJson<Data>(
  text: string,
  isOfForm: Form<Data>,
): { readonly data: Data } | { readonly problem: string } {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return { problem: `it is not JSON: ${(error as Error).message}` }
  }
  if (isOfForm(data)) return { data }
  const [error] = isOfForm.errors ?? []
  const place = (error?.instancePath ?? '').split('/').slice(1).join('.')
  return { problem: `${place === '' ? 'the file' : place} ${error?.message ?? 'is not as it should be'}` }
}
