// A text to hand on: selected when it is entered, copied by a button that says whether it worked.
import { useState } from 'react'
import { copyText } from '../../platform/copy-text.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './relay.module.css'

interface CopiedFieldProps {
  label: string
  value: string
  hint?: string
}

export function CopiedField({ label, value, hint }: CopiedFieldProps) {
  const { invite } = useTexts()
  const [copied, setCopied] = useState<boolean>()
  return (
    <div>
      <TextField
        label={label}
        {...(hint === undefined ? {} : { hint })}
        value={value}
        readOnly
        onValue={() => undefined}
        onFocus={(event) => event.target.select()}
        trailing={
          <Button
            small
            look="quiet"
            icon="copy"
            aria-label={`${invite.copy}: ${label}`}
            onClick={() => {
              void copyText(value).then(setCopied)
            }}
          >
            {invite.copy}
          </Button>
        }
      />
      <output className={styles.quiet}>{copied === undefined ? '' : copied ? invite.copied : invite.copyByHand}</output>
    </div>
  )
}
