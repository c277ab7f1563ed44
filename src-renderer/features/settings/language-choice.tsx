// Choosing the language before there are settings: two words in a corner. What is chosen holds from then on.
import { usePreferences } from '../../platform/preferences-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Choice } from '../../ui/choice.tsx'
import { languageOptions } from './options.ts'

export function LanguageChoice() {
  const texts = useTexts()
  const { change } = usePreferences()
  return (
    <Choice
      label={texts.settings.language}
      labelHidden
      options={languageOptions(texts).filter(({ value }) => value !== 'system')}
      value={texts.locale === 'ko' ? 'ko' : 'en'}
      onValue={(language) => change({ language })}
    />
  )
}
