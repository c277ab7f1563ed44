// A calm place where there is nothing yet: a piece of floor, and a word about it.
import type { ReactNode } from 'react'
import styles from './empty.module.css'

/** Boards of a floor seen from its edge, as [x, width] of each row. */
const ROWS: readonly (readonly (readonly [x: number, width: number])[])[] = [
  [
    [0, 74],
    [78, 62]
  ],
  [
    [0, 38],
    [42, 60],
    [106, 34]
  ],
  [
    [0, 90],
    [94, 46]
  ]
]
const OWN_ROW = 1
const OWN_BOARD = 1

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <svg className={styles.floor} viewBox="0 0 190 84" width="190" height="84" aria-hidden>
        <g transform="translate(46 4) skewX(-30)">
          {ROWS.map((boards, row) =>
            boards.map(([x, width], board) => (
              <rect
                key={`${row} ${x}`}
                className={row === OWN_ROW && board === OWN_BOARD ? styles.own : styles.board}
                x={x}
                y={row * 26}
                width={width}
                height="22"
                rx="3"
              />
            ))
          )}
        </g>
      </svg>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  )
}
