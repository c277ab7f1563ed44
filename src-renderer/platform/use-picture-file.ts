// A picture that somebody is choosing: read, shown, taken away again, and what was wrong with the file.
import { useCallback, useRef, useState } from 'react'
import { PictureError, readPicture } from './read-picture.ts'
import type { PictureProblem } from './read-picture.ts'

export interface PictureFile {
  /** A PNG in base64; null: it is to be taken away; undefined: nothing was chosen. */
  picture: string | null | undefined
  problem: PictureProblem | undefined
  take: (file: Blob) => void
  remove: () => void
}

/** @param onPicture told of each choice, for whoever saves at once */
export function usePictureFile(maxBytes: number, onPicture?: (picture: string | null) => void): PictureFile {
  const [picture, setPicture] = useState<string | null>()
  const [problem, setProblem] = useState<PictureProblem>()
  /** Of two files the one that was chosen last. */
  const latest = useRef(0)
  const chosen = useCallback(
    (next: string | null) => {
      setProblem(undefined)
      setPicture(next)
      onPicture?.(next)
    },
    [onPicture]
  )
  const take = useCallback(
    (file: Blob) => {
      const turn = (latest.current += 1)
      readPicture(file, maxBytes).then(
        (png) => {
          if (turn === latest.current) chosen(png)
        },
        (error: unknown) => {
          if (turn === latest.current) setProblem(error instanceof PictureError ? error.problem : 'failed')
        }
      )
    },
    [maxBytes, chosen]
  )
  const remove = useCallback(() => {
    latest.current += 1
    chosen(null)
  }, [chosen])
  return { picture, problem, take, remove }
}

/** As an image shows it. */
export function pictureUrl(base64: string): string {
  return `data:image/png;base64,${base64}`
}
