// When unsent messages and drafts cannot be read: says so, gives what is left of them as a file, and only then offers to go on without them.
import { useState } from 'react'
import type { ReactNode } from 'react'
import styles from './app.module.css'
import { saveFile } from './platform/save-file.ts'
import type { Rescue } from './services.ts'
import { useTexts } from './texts/texts-context.tsx'
import { Button } from './ui/button.tsx'
import { Stage } from './ui/stage.tsx'

type Step = { name: 'unsaved' } | { name: 'saved'; texts: number } | { name: 'failed' }

export function RescueScreen({ rescue, corner }: { rescue: Rescue; corner: ReactNode }) {
  const { productName, tagline, reload, unreadable } = useTexts()
  const [step, setStep] = useState<Step>({ name: 'unsaved' })
  const save = async () => {
    const { file, texts } = await rescue.read()
    saveFile(file, unreadable.fileName)
    setStep({ name: 'saved', texts })
  }
  const failed = () => setStep({ name: 'failed' })
  return (
    <Stage product={productName} tagline={tagline} title={unreadable.title} text={unreadable.text} corner={corner}>
      <div className={styles.rescue}>
        <Button wide onClick={() => window.location.reload()}>
          {reload}
        </Button>
        <p>{unreadable.saveText}</p>
        <Button wide look={step.name === 'saved' ? 'plain' : 'primary'} onClick={() => void save().catch(failed)}>
          {unreadable.save}
        </Button>
        <div aria-live="polite">
          {step.name === 'saved' && <p>{unreadable.saved(step.texts)}</p>}
          {step.name === 'failed' && <p>{unreadable.failed}</p>}
        </div>
        {step.name === 'saved' && (
          <>
            <p>{unreadable.startAnewText}</p>
            <Button wide look="danger" onClick={() => void rescue.startAnew().catch(failed)}>
              {unreadable.startAnew}
            </Button>
          </>
        )}
      </div>
    </Stage>
  )
}
