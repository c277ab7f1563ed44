// Where the pictures of people and rooms come from, handed down by the composition root. Knows names of pictures, and neither store nor network.
import { createContext, use, useEffect, useState } from 'react'
import type { Observable } from 'rxjs'

/** Which picture: of whom, and which one of theirs. */
export interface PictureName {
  of: 'user' | 'room'
  id: string
  /** Another picture has another one. */
  hash: string
}

export interface Pictures {
  /** An address that an image can show, if the picture is at hand. */
  held(name: PictureName): string | undefined
  /** That address as soon as there is one; undefined before. Asked again when there is hope again. */
  watch(name: PictureName): Observable<string | undefined>
}

const PicturesContext = createContext<Pictures | null>(null)

export const PicturesProvider = PicturesContext.Provider

/** The address of a picture, undefined while there is none: without a name, without pictures, or not loaded yet. */
export function usePicture(name: PictureName | undefined): string | undefined {
  const pictures = use(PicturesContext)
  const [came, setCame] = useState<{ key: string; url: string | undefined }>()
  const { of, id, hash } = name ?? {}
  const key = `${of} ${id} ${hash}`
  const held = name && pictures?.held(name)
  const missing = name !== undefined && held === undefined
  useEffect(() => {
    if (!missing || !pictures || of === undefined || id === undefined || hash === undefined) return
    const subscription = pictures.watch({ of, id, hash }).subscribe((url) => setCame({ key, url }))
    return () => subscription.unsubscribe()
  }, [pictures, missing, of, id, hash, key])
  return held ?? (name && came?.key === key ? came.url : undefined)
}
