// Pictures that are built into the main process, as data: addresses.
declare module '*.png?inline' {
  const dataUrl: string
  // oxlint-disable-next-line import/no-default-export -- as Vite gives it
  export default dataUrl
}
