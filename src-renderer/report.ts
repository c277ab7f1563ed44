// Where developers are told of problems; people see what it means for them where it happens.

export function report(problem: unknown): void {
  // oxlint-disable-next-line no-console -- the browser's console is where a developer looks
  console.warn(problem)
}
