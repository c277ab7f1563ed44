// A rule that was broken.

/** Ends a run: what is said names the rule and what broke it. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly rule: string

  constructor(rule: string, what: string) {
    super(`[${rule}] ${what}`)
    this.rule = rule
  }
}
