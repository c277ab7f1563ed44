// What is told to zod before it is loaded, and without loading it: the first page needs no schema.

/** Where zod keeps its settings. */
interface ZodPlace {
  __zod_globalConfig?: { jitless?: boolean }
}

/** zod makes functions of text where it may; a page may not, and trying is reported as an attack. Holds for a zod that is there already, too. */
export function keepFromEval(place: object): void {
  const settings = ((place as ZodPlace).__zod_globalConfig ??= {})
  settings.jitless = true
}
