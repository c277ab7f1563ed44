// Above the field: what is being answered or edited, and the way out of it.
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './composer.module.css'
import type { ComposerTarget } from './target.ts'

const EXCERPT_CHARS = 200

export function TargetLine({ target: { kind, item }, onCancel }: { target: ComposerTarget; onCancel: () => void }) {
  const texts = useTexts()
  const { queries } = useServices().store
  const users = useObservable(() => queries.watchUsers(), [queries])
  const author = item.own ? texts.you : nameOf(texts, users ?? new Map(), item.authorId)
  return (
    <div className={styles.target}>
      <Icon name={kind} size={18} />
      <div className={styles.targetWords}>
        <p className={styles.targetTitle}>
          {kind === 'edit' ? texts.composer.editing : texts.composer.replyingTo({ name: author, self: item.own })}
        </p>
        <p className={styles.targetText}>
          {item.deletedAt === undefined ? item.body.slice(0, EXCERPT_CHARS) : texts.timeline.deleted}
        </p>
      </div>
      <IconButton
        icon="close"
        label={kind === 'edit' ? texts.composer.cancelEdit : texts.composer.cancelReply}
        onClick={onCancel}
      />
    </div>
  )
}
