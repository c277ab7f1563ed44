// Choosing a picture: from a file, pasted or dropped. What becomes of it is the owner's.
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import styles from './picture-field.module.css'

interface PictureFieldProps {
  label: string
  chooseLabel: string
  removeLabel: string
  hint: string
  /** As it is, or would be. */
  preview: ReactNode
  /** Whether there is one to take away. */
  removable: boolean
  /** What was wrong with the file, as a sentence. */
  problem?: string | undefined
  onFile: (file: File) => void
  onRemove: () => void
}

/** While it is there, a picture that is pasted or dropped anywhere on the page is meant for it. */
export function PictureField(props: PictureFieldProps) {
  const { label, chooseLabel, removeLabel, hint, preview, removable, problem, onFile, onRemove } = props
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = pictureAmong(event.clipboardData)
      if (!file) return
      event.preventDefault()
      onFile(file)
    }
    const over = (event: DragEvent) => event.preventDefault()
    const drop = (event: DragEvent) => {
      event.preventDefault()
      const file = pictureAmong(event.dataTransfer)
      if (file) onFile(file)
    }
    document.addEventListener('paste', paste)
    document.addEventListener('dragover', over)
    document.addEventListener('drop', drop)
    return () => {
      document.removeEventListener('paste', paste)
      document.removeEventListener('dragover', over)
      document.removeEventListener('drop', drop)
    }
  }, [onFile])
  return (
    <fieldset className={styles.field}>
      <legend className={styles.label}>{label}</legend>
      {preview}
      <div className={styles.words}>
        <div className={styles.buttons}>
          <Button small onClick={() => input.current?.click()}>
            {chooseLabel}
          </Button>
          {removable && (
            <Button small look="danger" onClick={onRemove}>
              {removeLabel}
            </Button>
          )}
        </div>
        {problem === undefined ? (
          <p className={styles.hint}>{hint}</p>
        ) : (
          <p role="alert" className={styles.problem}>
            <Icon name="warning" size={16} />
            <span>{problem}</span>
          </p>
        )}
      </div>
      <input
        ref={input}
        hidden
        type="file"
        accept="image/*"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          if (file) onFile(file)
          // The same file may be chosen again.
          currentTarget.value = ''
        }}
      />
    </fieldset>
  )
}

/** The first picture among what was pasted or dropped. */
function pictureAmong(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'))
}
