// A QR code of a text, dark on light in every theme: scanners need it so. Loads its encoder only when it is shown.
import { useEffect, useState } from 'react'
import styles from './qr-code.module.css'

/** Light modules around it, as the standard asks for. */
const QUIET_ZONE = 4

interface QrCodeProps {
  text: string
  /** What it leads to, for who does not see it. */
  label: string
}

/** The modules of a code as one path, a unit each. */
interface Drawn {
  text: string
  size: number
  path: string
}

export function QrCode({ text, label }: QrCodeProps) {
  const [drawn, setDrawn] = useState<Drawn>()
  useEffect(() => {
    let wanted = true
    void draw(text).then((code) => {
      if (wanted) setDrawn(code)
    })
    return () => {
      wanted = false
    }
  }, [text])
  const side = (drawn?.size ?? 0) + 2 * QUIET_ZONE
  return (
    <div className={styles.frame}>
      {drawn?.text === text && (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn here, not fetched
        <svg role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges">
          <path transform={`translate(${QUIET_ZONE} ${QUIET_ZONE})`} d={drawn.path} />
        </svg>
      )}
    </div>
  )
}

async function draw(text: string): Promise<Drawn> {
  const { generate } = await import('lean-qr')
  const code = generate(text)
  let path = ''
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      let width = 0
      while (x + width < code.size && code.get(x + width, y)) width++
      if (width > 0) path += `M${x} ${y}h${width}v1h-${width}z`
      x += width
    }
  }
  return { text, size: code.size, path }
}
