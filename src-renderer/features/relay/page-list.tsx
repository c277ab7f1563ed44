// A list of the owner's page that comes page by page: rows, what went wrong, and more of it.
import type { ReactNode } from 'react'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import type { Pages } from '../../ui/use-pages.ts'
import styles from './relay.module.css'

interface PageListProps<Item> {
  pages: Pages<Item>
  /** Said when there is nothing. */
  none: string
  /** Of something that was done to a row. */
  problem?: unknown
  children: (item: Item) => ReactNode
}

/** @param children a row as `<li>` with its key */
export function PageList<Item>({ pages, none, problem = pages.error, children }: PageListProps<Item>) {
  const texts = useTexts()
  const { admin } = texts
  return (
    <div className={styles.section}>
      <div role="alert">
        {problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
      </div>
      {pages.items === undefined && pages.busy && <p className={styles.quiet}>{admin.loading}</p>}
      {pages.items?.length === 0 && <p className={styles.quiet}>{none}</p>}
      <ul className={styles.rows}>{pages.items?.map(children)}</ul>
      {pages.more && <Button onClick={pages.more}>{admin.more}</Button>}
      {pages.error !== undefined && !pages.busy && <Button onClick={pages.refresh}>{texts.timeline.tryAgain}</Button>}
    </div>
  )
}
