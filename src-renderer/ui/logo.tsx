// Maru's sign, the same drawing as icon.svg: boards of a wooden floor, and among them the place that is one's own.
import { useId } from 'react'

const BOARDS = [
  { x: 0, y: 0, width: 300, fill: '#f3cf78' },
  { x: 316, y: 0, width: 196, fill: '#e9bd5f' },
  { x: 0, y: 176, width: 136, fill: '#e4b556' },
  { x: 152, y: 176, width: 208, fill: '#2f8573' },
  { x: 376, y: 176, width: 136, fill: '#f3cf78' },
  { x: 0, y: 352, width: 232, fill: '#eec76c' },
  { x: 248, y: 352, width: 264, fill: '#e6b859' }
]

/** Decoration: the name stands beside it. `size` in px. */
export function Logo({ size = 56 }: { size?: number }) {
  const id = useId()
  return (
    <svg viewBox="0 0 512 512" width={size} height={size} aria-hidden>
      <clipPath id={id}>
        <rect width="512" height="512" rx="120" />
      </clipPath>
      <g clipPath={`url(#${id})`}>
        <path fill="#5c421c" d="M0 0h512v512H0z" />
        {BOARDS.map((board) => (
          <rect key={`${board.x} ${board.y}`} height="160" {...board} />
        ))}
      </g>
    </svg>
  )
}
