// Reads what lies in the browser's storage, which anybody may have changed.

/** What a text holds as JSON; undefined when it is none, which no schema takes for something. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
